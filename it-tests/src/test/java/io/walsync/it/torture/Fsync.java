package io.walsync.it.torture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.Command;
import io.walsync.testkit.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Words before a command under which its fsyncs are slow or fail: by {@code strace}, which lets the
 * command be the process that is started.
 */
final class Fsync {

  private Fsync() {}

  static List<String> slow(int millis) {
    return injecting("delay_enter=" + millis * 1000);
  }

  /**
   * @param from the first that fails, counted from 1 in each thread
   * @param count how many do
   */
  static List<String> failing(int from, int count) {
    return injecting("error=EIO:when=" + from + ".." + (from + count - 1));
  }

  private static List<String> injecting(String what) {
    List<String> words =
        new ArrayList<>(
            List.of("strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e"));
    words.add("trace=fsync,fdatasync");
    words.add("-e");
    words.add("inject=fsync,fdatasync:" + what);
    assumeTrue(isPossible(words), Peers.absence("strace") + ", or it may not trace");
    return words;
  }

  private static boolean isPossible(List<String> words) {
    if (Peers.find("strace").isEmpty()) {
      return false;
    }
    List<String> command = new ArrayList<>(words);
    command.add("true");
    return Command.run(command, Map.of(), "").exitCode() == 0;
  }
}

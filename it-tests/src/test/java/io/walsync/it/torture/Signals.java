package io.walsync.it.torture;

import io.walsync.testkit.Command;
import java.util.List;
import java.util.Map;

/** Signals that Java cannot send. */
final class Signals {

  private Signals() {}

  /** SIGSTOP: it stays where it is, with every lock that it holds. */
  static void stop(long pid) {
    send("-STOP", pid);
  }

  static void goOn(long pid) {
    send("-CONT", pid);
  }

  private static void send(String signal, long pid) {
    Command.run(List.of("kill", signal, String.valueOf(pid)), Map.of(), "");
  }
}

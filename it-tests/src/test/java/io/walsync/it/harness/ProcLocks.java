package io.walsync.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The POSIX locks a process holds on a file, as the Linux kernel lists them. */
public final class ProcLocks {

  private static final Path TABLE = Path.of("/proc/locks");

  private ProcLocks() {}

  public static void required() {
    assumeTrue(Files.isReadable(TABLE), "there is no " + TABLE);
  }

  /** One held range: {@code "READ 1073741826-1073742335"}. */
  public static Set<String> of(long pid, Path file) {
    try {
      String inode = String.valueOf(Files.getAttribute(file, "unix:ino"));
      Set<String> locks = new TreeSet<>();
      for (String line : Files.readAllLines(TABLE)) {
        String[] words = line.trim().split("\\s+");
        // 12: POSIX ADVISORY READ 4711 fd:01:131077 1073741826 1073742335
        boolean isHeld = words.length == 8 && words[1].equals("POSIX");
        if (isHeld && words[4].equals(String.valueOf(pid)) && words[5].endsWith(":" + inode)) {
          locks.add(words[3] + " " + words[6] + "-" + words[7]);
        }
      }
      return locks;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

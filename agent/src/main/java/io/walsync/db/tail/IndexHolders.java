package io.walsync.db.tail;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The processes that have a wal-index open: SQLite keeps a lock on one byte of it, the dead man's
 * switch, for as long. Whoever finds nobody there empties the file and has the WAL recovered, in
 * the same inode. So where one process holds the lock at both ends of a time, SQLite has counted
 * through; otherwise the others may have been killed, and its count may have begun anew.
 *
 * <p>Nothing is opened but lists of the kernel's. Where it does not tell (other systems, processes
 * of another container), nobody is known to hold it.
 */
final class IndexHolders {

  private static final File LOCKS = new File("/proc/locks");

  /** Words of a line such as {@code 7: POSIX ADVISORY READ 4711 fe:01:1234 128 128}. */
  private static final int WORD_COUNT = 8;

  private static final int PROCESS = 4;
  private static final int INODE = 5;
  private static final int FIRST_BYTE = 6;
  private static final int LAST_BYTE = 7;

  /** Of /proc/PID/stat, counted from the word behind the name of the program. */
  private static final int START_TIME = 19;

  private IndexHolders() {}

  /** Whether this system tells. */
  static boolean isToldHere() {
    return LOCKS.canRead();
  }

  /**
   * Who holds it now, this process included: each as its number and the time of its start, since
   * numbers are used again.
   */
  static Set<String> of(long inode) {
    Set<String> holders = new HashSet<>();
    if (!isToldHere()) {
      return holders;
    }
    try (BufferedReader lines = reader(LOCKS)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String process = line.contains(":" + inode + " ") ? holder(line, inode) : null;
        if (process != null) {
          holders.add(process);
        }
      }
    } catch (IOException | RuntimeException notTold) {
      return Collections.emptySet();
    }
    return holders;
  }

  private static String holder(String line, long inode) throws IOException {
    String[] words = line.trim().split(" +");
    // A lock that is only waited for has an arrow more.
    boolean isHeld =
        words.length == WORD_COUNT
            && words[INODE].endsWith(":" + inode)
            && Long.parseLong(words[FIRST_BYTE]) <= WalIndex.DEAD_MAN_SWITCH_OFFSET
            && (words[LAST_BYTE].equals("EOF")
                || Long.parseLong(words[LAST_BYTE]) >= WalIndex.DEAD_MAN_SWITCH_OFFSET);
    return isHeld ? named(words[PROCESS]) : null;
  }

  private static String named(String process) throws IOException {
    try (BufferedReader stat = reader(new File("/proc/" + process + "/stat"))) {
      String line = stat.readLine();
      return process + "@" + line.substring(line.lastIndexOf(')') + 2).split(" ")[START_TIME];
    }
  }

  /** This process, as it would stand among the holders. */
  static String self() {
    try {
      return named(new File("/proc/self").getCanonicalFile().getName());
    } catch (IOException | RuntimeException notTold) {
      return "";
    }
  }

  private static BufferedReader reader(File list) throws IOException {
    return new BufferedReader(
        new InputStreamReader(new FileInputStream(list), StandardCharsets.US_ASCII));
  }
}

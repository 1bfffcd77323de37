package io.walsync.db.tail;

import io.walsync.host.LockList;
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

  /** Of /proc/PID/stat, counted from the word behind the name of the program. */
  private static final int START_TIME = 19;

  private IndexHolders() {}

  /** Whether this system tells. */
  static boolean isToldHere() {
    return LockList.isTold();
  }

  /**
   * Who holds it now, this process included: each as its number and the time of its start, since
   * numbers are used again.
   */
  static Set<String> of(long inode) {
    if (!isToldHere()) {
      return Collections.emptySet();
    }
    Holders holders = new Holders(inode);
    try {
      LockList.read(holders);
    } catch (IOException | RuntimeException notTold) {
      return Collections.emptySet();
    }
    return holders.found;
  }

  private static final class Holders implements LockList.Visitor {

    private final Set<String> found = new HashSet<>();
    private final long inode;

    Holders(long inode) {
      this.inode = inode;
    }

    @Override
    public void held(LockList.Lock lock) throws IOException {
      boolean isOnSwitch =
          lock.isWhole()
              && lock.inode() == inode
              && lock.firstByte() <= WalIndex.DEAD_MAN_SWITCH_OFFSET
              && lock.lastByte() >= WalIndex.DEAD_MAN_SWITCH_OFFSET;
      if (isOnSwitch) {
        found.add(named(lock.process()));
      }
    }
  }

  private static String named(String process) throws IOException {
    File stat = new File("/proc/" + process + "/stat");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(stat), StandardCharsets.US_ASCII))) {
      String line = reader.readLine();
      return process + "@" + line.substring(line.lastIndexOf(')') + 2).split(" ")[START_TIME];
    }
  }

  /** This process, as it would stand among the holders. */
  static String self() {
    try {
      return named(LockList.ownProcess());
    } catch (IOException | RuntimeException notTold) {
      return "";
    }
  }
}

package io.walsync.host;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The POSIX locks this process holds, as the kernel lists them in {@code /proc/locks}. Elsewhere
 * than on Linux nothing is known.
 *
 * <p>Threading: safe. All databases share one reading of the list.
 */
public final class HostLocks {

  /** The list is read no more often than this, however many databases ask. */
  public static final long READ_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Lines looked at; a machine with more locks than this is not watched. */
  private static final int MAX_LINES = 200_000;

  /**
   * The kernel hands the list out page by page and counts lines: when a lock before the next page
   * goes away meanwhile, the line at the boundary is skipped, although its lock is held. With 400
   * locks and thousands of others a second that happened at once in one reading and once in 230
   * pairs of readings.
   */
  private static final int READINGS = 5;

  private static final String LIST = "/proc/locks";
  private static final String SELF = "/proc/self";

  private final long intervalNanos;
  private Snapshot latest;

  /** The locks of this process at one moment. */
  public static final class Snapshot {

    private final long takenNanos;
    private final Map<Long, List<long[]>> rangesByInode;

    private Snapshot(long takenNanos, Map<Long, List<long[]>> rangesByInode) {
      this.takenNanos = takenNanos;
      this.rangesByInode = rangesByInode;
    }

    /** Whether this process holds a lock, of whatever kind, on a byte of a file. */
    public boolean holds(long inode, long offset) {
      List<long[]> ranges = rangesByInode.get(inode);
      if (ranges == null) {
        return false;
      }
      for (long[] range : ranges) {
        if (range[0] <= offset && offset <= range[1]) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * @param intervalNanos the least time between two readings of the list
   */
  public HostLocks(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  /**
   * The locks at a moment after {@code nanos}.
   *
   * @param nanos a value of {@link System#nanoTime()}
   * @return null if the list was last read before that and is not to be read again yet, or if this
   *     system has none
   */
  public synchronized Snapshot after(long nanos) {
    long now = System.nanoTime();
    if (latest == null || now - latest.takenNanos >= intervalNanos) {
      latest = new Snapshot(now, read());
    }
    return latest.takenNanos - nanos > 0 ? latest : null;
  }

  private static Map<Long, List<long[]>> read() {
    File list = new File(LIST);
    Map<Long, List<long[]>> ranges = new HashMap<>();
    if (!list.canRead()) {
      return ranges;
    }
    for (int i = 0; i < READINGS; i++) {
      try (Reader reader =
          new InputStreamReader(new FileInputStream(list), StandardCharsets.US_ASCII)) {
        parse(reader, new File(SELF).getCanonicalFile().getName(), ranges);
      } catch (IOException notTold) {
        return new HashMap<>();
      }
    }
    return ranges;
  }

  /**
   * Adds what a list says.
   *
   * @param processId whose locks count
   */
  static void parse(Reader list, String processId, Map<Long, List<long[]>> ranges)
      throws IOException {
    BufferedReader lines = new BufferedReader(list);
    String line = lines.readLine();
    for (int i = 0; line != null && i < MAX_LINES; i++) {
      note(line, processId, ranges);
      line = lines.readLine();
    }
  }

  /**
   * One line, as in {@code 7: POSIX ADVISORY READ 4711 fe:01:1234 1073741826 1073742335}; a lock
   * that is waited for has an arrow after its number.
   */
  private static void note(String line, String processId, Map<Long, List<long[]>> ranges) {
    String[] words = line.trim().split("\\s+");
    boolean isOurs = words.length == 8 && "POSIX".equals(words[1]) && processId.equals(words[4]);
    if (!isOurs) {
      return;
    }
    String inode = words[5].substring(words[5].lastIndexOf(':') + 1);
    try {
      long[] range = {
        Long.parseLong(words[6]), "EOF".equals(words[7]) ? Long.MAX_VALUE : Long.parseLong(words[7])
      };
      ranges.computeIfAbsent(Long.parseLong(inode), i -> new ArrayList<>()).add(range);
    } catch (NumberFormatException unknownForm) {
      // A line of another form is no lock of SQLite's.
      return;
    }
  }
}

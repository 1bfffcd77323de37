package io.walsync.host;

import io.walsync.io.Clock;
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
import org.jspecify.annotations.Nullable;

/**
 * The POSIX locks this process holds, as the kernel lists them in {@code /proc/locks}. Elsewhere
 * than on Linux nothing is known.
 *
 * <p>Threading: safe. All databases share one reading of the list.
 */
public final class HostLocks {

  /** Shortest time between two readings of the list, however many databases ask. */
  public static final long READ_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Most lines that are read. Locks listed after them are not seen and count as not held. */
  private static final int MAX_LINES = 200_000;

  /**
   * The kernel hands the list out page by page and counts lines: when a lock before the next page
   * goes away meanwhile, the line at the boundary is skipped, although its lock is held. With 400
   * locks and thousands of others a second that happened at once in one reading and once in 230
   * pairs of readings; on a loaded machine once in five in a row. So a lock that is missing is
   * looked for {@link #again}.
   */
  private static final int READINGS = 5;

  private static final int CHUNK_CHARS = 4096;

  private static final long FOR_READING = 0;
  private static final long FOR_WRITING = 1;

  private static final String LIST = "/proc/locks";
  private static final String SELF = "/proc/self";

  private final long intervalNanos;
  private final Clock clock;
  private @Nullable Snapshot latest;

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
      return holds(inode, offset, false);
    }

    /** Whether this process keeps all others from a byte of a file. */
    public boolean holdsAlone(long inode, long offset) {
      return holds(inode, offset, true);
    }

    private boolean holds(long inode, long offset, boolean isAlone) {
      List<long[]> ranges = rangesByInode.get(inode);
      if (ranges == null) {
        return false;
      }
      for (long[] range : ranges) {
        if (range[0] <= offset && offset <= range[1] && (!isAlone || range[2] == FOR_WRITING)) {
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
    this(intervalNanos, Clock.SYSTEM);
  }

  public HostLocks(long intervalNanos, Clock clock) {
    this.intervalNanos = intervalNanos;
    this.clock = clock;
  }

  /** Whether this system tells them. */
  public static boolean areTold() {
    return new File(LIST).canRead();
  }

  /** This moment, for {@link #after}. */
  public long now() {
    return clock.nanoTime();
  }

  /**
   * The locks at some moment after {@code nanos}.
   *
   * @param nanos a result of {@link #now}
   * @return null if the list was last read before that and is not to be read again yet. On a system
   *     without such a list it holds no lock, see {@link #areTold}.
   */
  public synchronized @Nullable Snapshot after(long nanos) {
    long now = clock.nanoTime();
    Snapshot last = latest;
    if (last == null || now - last.takenNanos >= intervalNanos) {
      last = again();
    }
    return last.takenNanos - nanos > 0 ? last : null;
  }

  /**
   * The locks now, whenever the list was last read: for a lock that is missing there, which on a
   * machine with many may be only the list's fault.
   */
  public synchronized Snapshot again() {
    latest = new Snapshot(clock.nanoTime(), read());
    return latest;
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
   * Adds the locks of one process from a list.
   *
   * @param processId whose locks count
   */
  static void parse(Reader list, String processId, Map<Long, List<long[]>> ranges)
      throws IOException {
    char[] chunk = new char[CHUNK_CHARS];
    Line line = new Line();
    int lineCount = 0;
    for (int count = list.read(chunk);
        count >= 0 && lineCount < MAX_LINES;
        count = list.read(chunk)) {
      for (int i = 0; i < count; i++) {
        if (chunk[i] == '\n') {
          line.note(processId, ranges);
          line.clear();
          lineCount++;
        } else {
          line.add(chunk[i]);
        }
      }
    }
    line.note(processId, ranges);
  }

  /**
   * One line, as in {@code 7: POSIX ADVISORY READ 4711 fe:01:1234 1073741826 1073742335}; a lock
   * that is waited for has an arrow after its number. One object serves all lines: with a thousand
   * databases there are thousands of lines, read five times over.
   */
  private static final class Line {

    private static final int WORD_COUNT = 8;
    private static final int TYPE = 1;
    private static final int MODE = 3;
    private static final int PROCESS = 4;
    private static final int INODE = 5;
    private static final int FIRST_BYTE = 6;
    private static final int LAST_BYTE = 7;
    private static final long NO_NUMBER = -1;

    /**
     * An array and plain loops: with a string builder the inlined calls came to 19 KB of machine
     * code.
     */
    private final char[] text = new char[256];

    private int length;
    private final int[] starts = new int[WORD_COUNT];
    private final int[] ends = new int[WORD_COUNT];

    void add(char c) {
      if (length < text.length) {
        text[length++] = c;
      }
    }

    void clear() {
      length = 0;
    }

    void note(String processId, Map<Long, List<long[]>> ranges) {
      if (!hasAllWords() || !is(TYPE, "POSIX") || !is(PROCESS, processId)) {
        return;
      }
      int inodeStart = ends[INODE];
      while (inodeStart > starts[INODE] && text[inodeStart - 1] != ':') {
        inodeStart--;
      }
      long inode = number(inodeStart, ends[INODE]);
      long first = number(starts[FIRST_BYTE], ends[FIRST_BYTE]);
      long last =
          is(LAST_BYTE, "EOF") ? Long.MAX_VALUE : number(starts[LAST_BYTE], ends[LAST_BYTE]);
      // A lock of SQLite has exactly this form, so any other line is skipped.
      if (inode != NO_NUMBER && first != NO_NUMBER && last != NO_NUMBER) {
        long mode = is(MODE, "WRITE") ? FOR_WRITING : FOR_READING;
        add(ranges.computeIfAbsent(inode, i -> new ArrayList<>(2)), first, last, mode);
      }
    }

    private static void add(List<long[]> ranges, long first, long last, long mode) {
      for (long[] known : ranges) {
        if (known[0] == first && known[1] == last && known[2] == mode) {
          return;
        }
      }
      ranges.add(new long[] {first, last, mode});
    }

    /** Finds where words begin and end; false if there are too few for a lock. */
    private boolean hasAllWords() {
      int count = 0;
      int at = 0;
      while (true) {
        while (at < length && text[at] <= ' ') {
          at++;
        }
        if (at == length) {
          return count == WORD_COUNT;
        }
        if (count == WORD_COUNT) {
          return false;
        }
        starts[count] = at;
        while (at < length && text[at] > ' ') {
          at++;
        }
        ends[count++] = at;
      }
    }

    private boolean is(int word, String expected) {
      if (ends[word] - starts[word] != expected.length()) {
        return false;
      }
      for (int i = 0; i < expected.length(); i++) {
        if (text[starts[word] + i] != expected.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private long number(int start, int end) {
      long value = start < end ? 0 : NO_NUMBER;
      for (int i = start; i < end; i++) {
        int digit = text[i] - '0';
        if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
          return NO_NUMBER;
        }
        value = value * 10 + digit;
      }
      return value;
    }
  }
}

package io.walsync.host;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The locks on files that the kernel knows of, {@code /proc/locks}. Elsewhere than on Linux nothing
 * is told, and of the locks of another container's processes not whose they are.
 *
 * <p>A reading may miss a lock that is held: see {@link HostLocks}.
 */
public final class LockList {

  /** Hears of each POSIX lock that somebody holds. */
  public interface Visitor {
    /**
     * @param lock only until this returns
     */
    void held(Lock lock) throws IOException;
  }

  private static final File LIST = new File("/proc/locks");
  private static final File SELF = new File("/proc/self");

  /** Most lines that are read. Locks listed after them are not seen and count as not held. */
  private static final int MAX_LINES = 200_000;

  private static final int CHUNK_CHARS = 4096;

  private LockList() {}

  /** Whether this system tells. */
  public static boolean isTold() {
    return LIST.canRead();
  }

  /** This process, as its locks have it. */
  public static String ownProcess() throws IOException {
    return SELF.getCanonicalFile().getName();
  }

  /** Reads the list once. */
  public static void read(Visitor visitor) throws IOException {
    try (Reader list =
        new InputStreamReader(new FileInputStream(LIST), StandardCharsets.US_ASCII)) {
      parse(list, visitor);
    }
  }

  static void parse(Reader list, Visitor visitor) throws IOException {
    char[] chunk = new char[CHUNK_CHARS];
    Lock line = new Lock();
    int lineCount = 0;
    for (int count = list.read(chunk);
        count >= 0 && lineCount < MAX_LINES;
        count = list.read(chunk)) {
      for (int i = 0; i < count; i++) {
        if (chunk[i] == '\n') {
          line.tell(visitor);
          line.clear();
          lineCount++;
        } else {
          line.add(chunk[i]);
        }
      }
    }
    line.tell(visitor);
  }

  /**
   * One line, as in {@code 7: POSIX ADVISORY READ 4711 fe:01:1234 1073741826 1073742335}; a lock
   * that is waited for has an arrow after its number. One object serves all lines: with a thousand
   * databases there are thousands of lines, read five times over.
   */
  public static final class Lock {

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

    private Lock() {}

    private void add(char c) {
      if (length < text.length) {
        text[length++] = c;
      }
    }

    private void clear() {
      length = 0;
    }

    private void tell(Visitor visitor) throws IOException {
      if (hasAllWords() && is(TYPE, "POSIX")) {
        visitor.held(this);
      }
    }

    /** Whether that process holds it. */
    public boolean isOf(String process) {
      return is(PROCESS, process);
    }

    /** The number of the process that holds it. */
    public String process() {
      return new String(text, starts[PROCESS], ends[PROCESS] - starts[PROCESS]);
    }

    /** Whether it says all there is to say: a line of another form is no lock of SQLite's. */
    public boolean isWhole() {
      return inode() != NO_NUMBER && firstByte() != NO_NUMBER && lastByte() != NO_NUMBER;
    }

    /** Whether it keeps all others away. */
    public boolean isForWriting() {
      return is(MODE, "WRITE");
    }

    public long inode() {
      int start = ends[INODE];
      while (start > starts[INODE] && text[start - 1] != ':') {
        start--;
      }
      return number(start, ends[INODE]);
    }

    public long firstByte() {
      return number(starts[FIRST_BYTE], ends[FIRST_BYTE]);
    }

    public long lastByte() {
      return is(LAST_BYTE, "EOF") ? Long.MAX_VALUE : number(starts[LAST_BYTE], ends[LAST_BYTE]);
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

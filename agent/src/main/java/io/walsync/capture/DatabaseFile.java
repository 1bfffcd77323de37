package io.walsync.capture;

import io.walsync.ltx.Pgno;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one descriptor this process keeps on a database file. POSIX drops all of a process's locks on
 * a file when any of its descriptors is closed, the host's SQLite's locks included, so a descriptor
 * lives as long as the file has a name.
 *
 * <p>Invariants: one instance per inode, strongly held, closed by {@link DeletedFiles} only; a
 * {@link RandomAccessFile}, since an interrupt would close a channel.
 *
 * <p>Threading: safe; reads are serialised per file.
 */
public final class DatabaseFile {

  /** Bytes of SQLite's header that carry the journal mode: 1 = rollback, 2 = WAL. */
  private static final int WRITE_VERSION_OFFSET = 18;

  private static final int PAGE_SIZE_OFFSET = 16;
  private static final int WAL_VERSION = 2;
  private static final int SQLITE_HEADER_BYTES = 100;

  /** The bytes on which SQLite's os_unix.c keeps its SHARED lock. */
  public static final long SHARED_LOCK_OFFSET = 0x4000_0002L;

  private static final long SHARED_LOCK_BYTES = 510;

  private static final Map<Object, DatabaseFile> OPEN = new HashMap<>();

  /** Of files that were replaced while being opened, so that it is not known which they are. */
  private static final List<RandomAccessFile> UNKNOWN = new ArrayList<>();

  private final RandomAccessFile file;
  private final Object fileKey;

  /** Where it was last found. Guarded by {@link #OPEN}, like what follows. */
  private File path;

  private int readerCount;
  private boolean isClosed;

  /** Strongly held; SQLite drops the lock behind its back. */
  private FileLock restoredLock;

  private DatabaseFile(RandomAccessFile file, Object fileKey) {
    this.file = file;
    this.fileKey = fileKey;
  }

  /**
   * The descriptor of the file that now stands at {@code path}. To use it for longer than the file
   * is sure to stand there, call {@link #addReader}.
   *
   * @throws IOException if there is no such file or it cannot be read
   */
  public static DatabaseFile of(File path) throws IOException {
    Object key = FileIdentity.keyOf(path);
    synchronized (OPEN) {
      DatabaseFile known = OPEN.get(key);
      if (known == null) {
        known = open(path, key);
      }
      known.path = path;
      return known;
    }
  }

  private static DatabaseFile open(File path, Object fileKey) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path, "r");
    DatabaseFile opened = new DatabaseFile(file, fileKey);
    if (!opened.isAt(path)) {
      UNKNOWN.add(file);
      throw new IOException("open " + path + ": it was replaced at that moment");
    }
    OPEN.put(fileKey, opened);
    return opened;
  }

  /** Those that do not stand where they were last found: deleted, replaced or renamed. */
  static List<DatabaseFile> missing() {
    Map<DatabaseFile, File> all = new IdentityHashMap<>();
    synchronized (OPEN) {
      OPEN.values().forEach(each -> all.put(each, each.path));
    }
    List<DatabaseFile> missing = new ArrayList<>();
    all.forEach(
        (each, at) -> {
          if (!each.isAt(at)) {
            missing.add(each);
          }
        });
    return missing;
  }

  /**
   * From now on the file is read, also without a name.
   *
   * @throws IOException if it has been closed
   */
  public void addReader() throws IOException {
    synchronized (OPEN) {
      if (isClosed) {
        throw new IOException("read " + path + ": it was deleted");
      }
      readerCount++;
    }
  }

  /** The end of what {@link #addReader} began. */
  public void removeReader() {
    synchronized (OPEN) {
      readerCount--;
    }
  }

  /**
   * Closes the descriptor unless it is read; the process must have no other on the file, and be
   * unable to get one.
   *
   * @return whether it is closed
   */
  boolean close() {
    synchronized (OPEN) {
      if (readerCount > 0) {
        return false;
      }
      isClosed = true;
      OPEN.remove(fileKey, this);
    }
    try {
      // Outside the lock: the file system frees the file's blocks now.
      file.close();
    } catch (IOException nothingWasWritten) {
      return true;
    }
    return true;
  }

  /** Which file this is, as {@link FileIdentity#key}. */
  public Object key() {
    return fileKey;
  }

  /** Whether this is still the file that stands at {@code path}. */
  public boolean isAt(File path) {
    try {
      return FileIdentity.keyOf(path).equals(fileKey);
    } catch (IOException gone) {
      return false;
    }
  }

  public long sizeBytes() throws IOException {
    synchronized (file) {
      return file.length();
    }
  }

  /**
   * Reads a page as it stands in the file. The part beyond the end of the file is zero: SQLite may
   * count pages that nobody has written yet.
   */
  public void readPage(int pgno, byte[] page) throws IOException {
    long offset = Pgno.offset(pgno, page.length);
    synchronized (file) {
      file.seek(offset);
      int filled = 0;
      while (filled < page.length) {
        int count = file.read(page, filled, page.length - filled);
        if (count < 0) {
          break;
        }
        filled += count;
      }
      Arrays.fill(page, filled, page.length, (byte) 0);
    }
  }

  /**
   * Takes SQLite's SHARED lock on the file for this process again, after something in the
   * application closed a descriptor of the file and so dropped it. SQLite itself gives it back with
   * its own, when the last connection closes. Only for a file that this process has an open
   * connection to.
   *
   * @return whether the lock is held again; false while another process holds the file exclusively
   */
  public boolean restoreSharedLock() {
    synchronized (file) {
      try {
        if (restoredLock != null) {
          restoredLock.release();
        }
        restoredLock = file.getChannel().tryLock(SHARED_LOCK_OFFSET, SHARED_LOCK_BYTES, true);
        return restoredLock != null;
      } catch (IOException | OverlappingFileLockException refused) {
        return false;
      }
    }
  }

  /** Whether the header says WAL; false for a rollback-journal database and for an empty file. */
  public boolean isWalMode() throws IOException {
    byte[] header = header();
    return header != null && header[WRITE_VERSION_OFFSET] == WAL_VERSION;
  }

  /** The page size in bytes, or 0 for a file that has no header yet. */
  public int pageSize() throws IOException {
    byte[] header = header();
    if (header == null) {
      return 0;
    }
    int stored = (header[PAGE_SIZE_OFFSET] & 0xff) << 8 | header[PAGE_SIZE_OFFSET + 1] & 0xff;
    int pageSize = stored == 1 ? 65536 : stored;
    return Pgno.isPageSize(pageSize) ? pageSize : 0;
  }

  private byte[] header() throws IOException {
    synchronized (file) {
      if (file.length() < SQLITE_HEADER_BYTES) {
        return null;
      }
      byte[] header = new byte[SQLITE_HEADER_BYTES];
      file.seek(0);
      file.readFully(header);
      return header;
    }
  }
}

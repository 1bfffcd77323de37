package io.walsync.files;

import io.walsync.ltx.Pgno;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one descriptor this process keeps on a database file, see {@link KeptFile}.
 *
 * <p>Threading: safe; reads are serialised per file.
 */
public final class DatabaseFile extends KeptFile {

  /** Bytes of SQLite's header that carry the journal mode: 1 = rollback, 2 = WAL. */
  private static final int WRITE_VERSION_OFFSET = 18;

  private static final int PAGE_SIZE_OFFSET = 16;
  private static final int WAL_VERSION = 2;
  private static final int SQLITE_HEADER_BYTES = 100;

  /** The bytes on which SQLite's os_unix.c keeps its SHARED lock. */
  public static final long SHARED_LOCK_OFFSET = 0x4000_0002L;

  private static final long SHARED_LOCK_BYTES = 510;

  /**
   * Kept only so that it is not collected. SQLite releases the lock itself, without telling this
   * object.
   */
  private final RandomAccessFile file;

  private @Nullable FileLock restoredLock;

  private DatabaseFile(RandomAccessFile file, Object fileKey) {
    super(file, fileKey);
    this.file = file;
  }

  /**
   * The descriptor of the file that now stands at {@code path}. To use it for longer than the file
   * is sure to stand there, call {@link #addReader}.
   *
   * @throws IOException if there is no such file or it cannot be read
   */
  public static DatabaseFile of(File path) throws IOException {
    return of(path, DatabaseFile.class, DatabaseFile::new);
  }

  /**
   * As {@link #of}, but opens nothing.
   *
   * @return null if this process keeps no descriptor on the file
   */
  public static @Nullable DatabaseFile ifOpen(File path) throws IOException {
    return (DatabaseFile) known(path);
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

  private byte @Nullable [] header() throws IOException {
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

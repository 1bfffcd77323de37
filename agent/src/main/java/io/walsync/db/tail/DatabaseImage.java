package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The database as of one commit: the WAL's version of a page where it has one, the file's
 * otherwise. Consistent only while a pin keeps the WAL from restarting and the file from being
 * written past the pin; before the pin moves on, what it gives up must be {@link #keep kept}.
 */
public final class DatabaseImage {

  /** Page versions that neither the file nor the WAL has any more. */
  public interface Kept {
    boolean has(int pgno);

    void put(int pgno, byte[] page) throws IOException;

    /** Reads the kept version of a page; false if there is none. */
    boolean get(int pgno, byte[] page) throws IOException;
  }

  /** Called for each page that was read. */
  public interface Reading {
    void pageRead() throws IOException;

    /** Called when all wanted pages have been read. */
    default void allRead() throws IOException {}
  }

  private final Kept kept;
  private final Reading reading;

  /** All pages up to this number have been read, and are not read again. */
  private int readPgno;

  private final DatabaseFile file;
  private final WalFile wal;
  private final PageOffsets walPages;
  private final @Nullable WalPosition end;
  private final int commit;
  private final int pageSize;
  private final byte[] frame;

  /**
   * @param walPages newest frame of every page in the WAL, from its beginning to {@code end}
   * @param end the WAL position of the commit, or null when there is no WAL
   * @param commit database size in pages
   * @param kept holds nothing yet
   */
  public DatabaseImage(
      DatabaseFile file,
      WalFile wal,
      PageOffsets walPages,
      @Nullable WalPosition end,
      int commit,
      int pageSize,
      Kept kept,
      Reading reading) {
    this.kept = kept;
    this.reading = reading;
    this.file = file;
    this.wal = wal;
    this.walPages = walPages;
    this.end = end;
    this.commit = commit;
    this.pageSize = pageSize;
    this.frame = new byte[WalFrameHeader.SIZE + pageSize];
  }

  public int commit() {
    return commit;
  }

  public int pageSize() {
    return pageSize;
  }

  /** The place in the WAL at which the image ends; null if there is no WAL. */
  public @Nullable WalPosition end() {
    return end;
  }

  /**
   * Reads a page; page numbers ascend.
   *
   * @throws WalChangedException if the frame has been overwritten since it was found
   */
  public void readPage(int pgno, byte[] page) throws IOException {
    if (!kept.get(pgno, page)) {
      readHere(pgno, page);
    }
    readPgno = pgno;
    reading.pageRead();
  }

  /**
   * Checks what was read, before it is used.
   *
   * @throws WalChangedException if it may not be one state of the database
   */
  public void allRead() throws IOException {
    reading.allRead();
  }

  /**
   * Keeps the present version of a page, which may be replaced afterwards. Does nothing if the page
   * has been read or is kept.
   *
   * @param buffer of the size of a page; its content is overwritten
   */
  public void keep(int pgno, byte[] buffer) throws IOException {
    if (pgno > readPgno && pgno <= commit && !kept.has(pgno)) {
      readHere(pgno, buffer);
      kept.put(pgno, buffer);
    }
  }

  /** Stops reading from the WAL: all its pages are in the database file, and it may restart. */
  public void forgetWal() {
    walPages.clear();
  }

  private void readHere(int pgno, byte[] page) throws IOException {
    long offset = walPages.get(pgno);
    if (offset < 0) {
      file.readPage(pgno, page);
      return;
    }
    int count = wal.read(offset, frame, frame.length);
    if (count < frame.length || !isFrameOf(pgno)) {
      throw new WalChangedException("the WAL frame of page " + pgno + " was overwritten");
    }
    System.arraycopy(frame, WalFrameHeader.SIZE, page, 0, pageSize);
  }

  private boolean isFrameOf(int pgno) {
    return end != null
        && WalFrameHeader.pgno(frame, 0) == pgno
        && WalFrameHeader.salt1(frame, 0) == end.salt1()
        && WalFrameHeader.salt2(frame, 0) == end.salt2();
  }
}

package io.walsync.capture;

import io.walsync.wal.WalFrameHeader;
import java.io.IOException;

/**
 * The database as of one commit: the WAL's version of a page where it has one, the file's
 * otherwise. Consistent only while a pin keeps the WAL from restarting and the file from being
 * written past the pin.
 */
public final class DatabaseImage {

  private final DatabaseFile file;
  private final WalFile wal;
  private final PageOffsets walPages;
  private final WalPosition end;
  private final int commit;
  private final int pageSize;
  private final byte[] frame;

  /**
   * @param walPages newest frame of every page in the WAL, from its beginning to {@code end}
   * @param end the WAL position of the commit, or null when there is no WAL
   * @param commit database size in pages
   */
  public DatabaseImage(
      DatabaseFile file,
      WalFile wal,
      PageOffsets walPages,
      WalPosition end,
      int commit,
      int pageSize) {
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

  /** Where in the WAL the image ends, or null when there is no WAL. */
  public WalPosition end() {
    return end;
  }

  /**
   * @throws WalChangedException if the frame has been overwritten since it was found
   */
  public void readPage(int pgno, byte[] page) throws IOException {
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
    return WalFrameHeader.pgno(frame, 0) == pgno
        && WalFrameHeader.salt1(frame, 0) == end.salt1()
        && WalFrameHeader.salt2(frame, 0) == end.salt2();
  }
}

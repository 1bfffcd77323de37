package io.walsync.restore;

import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageFrame;
import io.walsync.ltx.Pgno;
import java.io.IOException;

/**
 * Decodes page frames, adds them to the checksums of their file and writes the wanted pages,
 * adjacent ones in one write. One for each thread.
 */
final class PageWriter {

  /** Small enough to stay in a core's cache between decoding and writing. */
  private static final int BATCH_BYTES = 256 * 1024;

  private final PageSink sink;
  private final RestoreProgress progress;
  private byte[] batch = new byte[0];
  private byte[] unwanted = new byte[0];
  private int batchStart;
  private int batchCount;
  private long databaseChecksum;

  PageWriter(PageSink sink, RestoreProgress progress) {
    this.sink = sink;
    this.progress = progress;
  }

  /** The xor of the checksums of all pages written, if that was asked for. */
  long databaseChecksum() {
    return databaseChecksum;
  }

  /**
   * @param isTracked whether the checksum of the restored database will be needed
   * @return whether no range of its file is missing any more
   */
  boolean write(FileRange range, byte[] buffer, FrameList frames, boolean isTracked)
      throws IOException {
    LtxHeader header = range.proof.scanner().header();
    int pageSize = header.pageSize();
    allocate(pageSize);
    boolean isSnapshotTracked = header.isTracked() && header.isSnapshot();
    long crc = 0;
    long size = 0;
    long snapshotChecksum = 0;
    for (int i = 0; i < frames.count(); i++) {
      int frame = frames.offset(i);
      int pgno = PageFrame.pgno(buffer, frame);
      boolean isWanted = frames.isWanted(i);
      byte[] page = isWanted ? batch : unwanted;
      int at = isWanted ? reserve(pgno, pageSize) : 0;
      decode(buffer, frame, frames.size(i), page, at, pageSize, pgno);
      crc = PageFrame.checksum(crc, buffer, frame, page, at, pageSize);
      size += PageFrame.checksummedSize(buffer, frame, pageSize);
      if (isSnapshotTracked || isTracked && isWanted) {
        long checksum = PageChecksum.of(pgno, page, at, pageSize);
        snapshotChecksum ^= checksum;
        databaseChecksum ^= isWanted ? checksum : 0;
      }
    }
    flush(pageSize);
    return range.proof.addPages(range.index, crc, size, snapshotChecksum);
  }

  private static void decode(
      byte[] buffer, int frame, int size, byte[] page, int at, int pageSize, int pgno)
      throws LtxFormatException {
    try {
      PageFrame.decode(buffer, frame, size, page, at, pageSize);
    } catch (LtxFormatException e) {
      throw new LtxFormatException("page " + pgno + ": " + e.getMessage());
    }
  }

  private void allocate(int pageSize) {
    if (unwanted.length != pageSize) {
      unwanted = new byte[pageSize];
      batch = new byte[Math.max(BATCH_BYTES, pageSize)];
    }
  }

  /**
   * @return where in the batch the page goes
   */
  private int reserve(int pgno, int pageSize) throws IOException {
    boolean isNext = pgno == batchStart + batchCount;
    if (!isNext || (batchCount + 1) * pageSize > batch.length) {
      flush(pageSize);
    }
    if (batchCount == 0) {
      batchStart = pgno;
    }
    return batchCount++ * pageSize;
  }

  private void flush(int pageSize) throws IOException {
    if (batchCount > 0) {
      sink.write(batch, batchCount * pageSize, Pgno.offset(batchStart, pageSize));
      progress.written(batchCount);
      batchCount = 0;
    }
  }
}

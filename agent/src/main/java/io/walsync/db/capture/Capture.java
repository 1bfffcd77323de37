package io.walsync.db.capture;

import io.walsync.db.checkpoint.WalFollower;
import io.walsync.db.staging.Captured;
import io.walsync.db.staging.LtxFileWriter;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.PageOffsets;
import io.walsync.db.tail.WalBatch;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns commits in the WAL into staged LTX files: a segment when the WAL is about to be reused, a
 * sealed L0 file when the store is ready for one.
 *
 * <p>Invariants: a staged file ends at a commit; it holds every page that grew the database; the
 * checksum table and the position follow the file, never precede it.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Capture implements WalFollower {

  /**
   * Larger batches are stored uncompressed: to compress them would delay the checkpoint, and with
   * it the writers.
   */
  private static final int MAX_COMPRESSED_PAGES = 8192;

  private final DatabaseFile file;
  private final WalFile wal;
  private final WalTail tail;
  private final Staging staging;
  private final PageEncoding encoding;

  Capture(DatabaseFile file, WalFile wal, WalTail tail, Staging staging, PageEncoding encoding) {
    this.file = file;
    this.wal = wal;
    this.tail = tail;
    this.staging = staging;
    this.encoding = encoding;
  }

  /** Whether the tail holds commits that are in no staged file yet. */
  public boolean hasBatch() {
    return tail.hasBatch();
  }

  /** Bytes of pages that the tail holds and that are in no staged file yet. */
  public long batchBytes() {
    return tail.hasBatch() ? (long) tail.batch().pages().size() * staging.position().pageSize() : 0;
  }

  /**
   * Finds new commits.
   *
   * @return whether there were any
   * @throws WalChangedException if commits may have been overwritten before they were seen, so that
   *     the whole database has to be compared
   */
  public boolean advance() throws IOException {
    WalPosition before = tail.position();
    switch (tail.advance()) {
      case COMMITS:
        noteRestart(before);
        return true;
      case NOTHING:
        return false;
      default:
        throw new WalChangedException(tail.gap());
    }
  }

  /**
   * Lets another process go on from here if this one is killed before anything of the new run is
   * staged: where the run before has ended, nothing in the WAL proves any more.
   *
   * @param before where the last look has ended; null before the first frame
   */
  private void noteRestart(@Nullable WalPosition before) throws IOException {
    WalPosition end = tail.position();
    if (before == null || end == null || end.hasSaltsOf(before)) {
      return;
    }
    if (before.equals(staging.position().wal())) {
      staging.save(staging.position().at(tail.batch().start(), file.key().toString()));
    }
  }

  @Override
  public @Nullable WalCount count() throws IOException {
    return tail.count();
  }

  @Override
  public void look() throws IOException {
    advance();
  }

  @Override
  public long frameCount() {
    return tail.frameCount();
  }

  @Override
  public boolean isWriteUnderWay() throws IOException {
    return tail.isFrameBehind();
  }

  /** Copies every commit up to now into a segment. */
  @Override
  public void copy() throws IOException {
    advance();
    if (tail.hasBatch()) {
      long seq = staging.position().segmentSeq() + 1;
      Captured written = write(staging.segments().fileOf(seq), Txid.of(seq));
      staging.addSegment(seq, written.position());
    }
  }

  /** Copies every commit up to now into the next L0 file; there must be no segment. */
  public void sealDirectly() throws IOException {
    staging.seal(LtxFileInfo.LEVEL_L0, this::write);
  }

  private Captured write(File target, Txid txid) throws IOException {
    Position position = staging.position();
    WalBatch batch = tail.batch();
    int[] pgnos = withGrowth(batch, position);
    staging.requireRoom((long) pgnos.length * position.pageSize());
    long now = staging.nextTimestampMillis();
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(position.pageSize())
            .commit(batch.commit())
            .minTxid(txid)
            .maxTxid(txid)
            .timestampMillis(now)
            .walOffset(batch.start().offset())
            .walSize(batch.end().offset() - batch.start().offset())
            .walSalts(batch.end().salt1(), batch.end().salt2())
            .build();
    boolean isCompressing = pgnos.length <= MAX_COMPRESSED_PAGES;
    long crc;
    try (LtxFileWriter writer = staging.writer(target, header, encoding, isCompressing)) {
      writePages(writer, batch, pgnos, position.pageSize());
      if (!tail.isIntact()) {
        throw new WalChangedException("the WAL was restarted while it was being copied");
      }
      writer.finish();
      writer.record(staging.checksums(), batch.commit());
      crc = writer.crc();
    }
    tail.taken();
    return new Captured(
        crc,
        position
            .captured(position.pageSize(), batch.commit(), now)
            .at(batch.end(), file.key().toString()));
  }

  private void writePages(LtxFileWriter writer, WalBatch batch, int[] pgnos, int pageSize)
      throws IOException {
    byte[] frame = new byte[WalFrameHeader.SIZE + pageSize];
    byte[] page = new byte[pageSize];
    PageOffsets older = olderFrames(batch, pgnos);
    for (int pgno : pgnos) {
      long offset = batch.pages().get(pgno);
      if (offset < 0) {
        offset = older.get(pgno);
      }
      if (offset < 0) {
        file.readPage(pgno, page);
      } else {
        if (wal.read(offset, frame, frame.length) < frame.length) {
          throw new WalChangedException("the WAL lost the frame of page " + pgno);
        }
        System.arraycopy(frame, WalFrameHeader.SIZE, page, 0, page.length);
      }
      writer.writePage(pgno, page);
    }
  }

  /**
   * The pages of the batch, and pages by which the database grew and that have no frame in the
   * batch.
   */
  private static int[] withGrowth(WalBatch batch, Position position) {
    int[] changed = batch.pages().sortedPgnos(batch.commit());
    int lockPage = Pgno.lockPage(position.pageSize());
    int[] all = new int[changed.length + Math.max(0, batch.commit() - position.commit())];
    int count = 0;
    int next = position.commit() + 1;
    for (int pgno : changed) {
      for (; next < pgno; next++) {
        count = append(all, count, next, lockPage);
      }
      count = append(all, count, pgno, lockPage);
      next = Math.max(next, pgno + 1);
    }
    for (; next <= batch.commit(); next++) {
      count = append(all, count, next, lockPage);
    }
    return Arrays.copyOf(all, count);
  }

  private static int append(int[] pgnos, int count, int pgno, int lockPage) {
    if (pgno == lockPage) {
      return count;
    }
    pgnos[count] = pgno;
    return count + 1;
  }

  /**
   * Frames before the batch, for pages that were truncated and came back without being written
   * again.
   */
  private PageOffsets olderFrames(WalBatch batch, int[] pgnos) throws IOException {
    int[] missing = new int[pgnos.length];
    int count = 0;
    for (int pgno : pgnos) {
      if (batch.pages().get(pgno) < 0) {
        missing[count++] = pgno;
      }
    }
    return count == 0
        ? new PageOffsets()
        : tail.findBefore(batch.start(), Arrays.copyOf(missing, count));
  }

  public long runBytes() {
    return tail.runBytes();
  }
}

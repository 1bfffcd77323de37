package io.walsync.db.compare;

import io.walsync.db.capture.Hold;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.checkpoint.WalFollower;
import io.walsync.db.staging.LtxFileWriter;
import io.walsync.db.staging.PageStash;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.DatabaseImage;
import io.walsync.db.tail.WalBatch;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.db.tail.WalTail;
import io.walsync.io.Clock;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalPosition;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pin moving while a whole database is read, so that nobody's checkpoint waits for the
 * end of it. The image does not change: before the pin passes a commit, the old versions of pages
 * that the commit replaces and that have not been read yet are kept aside. If the WAL is about to
 * restart, the new commits are kept too, and staged after the image.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class MovingScan implements WalFollower, Closeable {

  /** Pages that are read between two looks at the clock, so that the looks cost little. */
  private static final int PAGES_PER_LOOK = 16;

  private final Hold hold;
  private final WalTail tail;
  private final WalFile wal;
  private final Staging staging;
  private final PageEncoding encoding;
  private final Clock clock;
  private final DatabaseImage image;
  private final byte[] page;

  /** Page versions of the image that are about to be replaced. */
  private final PageStash replaced;

  /** Pages committed since, as far as they had to be copied out of the WAL. */
  private final PageStash committed;

  private @Nullable WalPosition committedEnd;
  private int committedPageCount;
  private int pagesToLook = PAGES_PER_LOOK;
  private long movedAtNanos;

  /**
   * @throws WalChangedException if the WAL cannot be followed from its beginning
   */
  MovingScan(Hold hold, Staging staging, PageEncoding encoding, Clock clock) throws IOException {
    this.hold = hold;
    this.tail = hold.tail();
    this.wal = hold.wal();
    this.staging = staging;
    this.encoding = encoding;
    this.clock = clock;
    this.movedAtNanos = clock.nanoTime();
    this.replaced = staging.stash("replaced");
    this.committed = staging.stash("committed");
    this.image = hold.image(replaced, reading());
    this.page = new byte[image.pageSize()];
    forgetWalIfBackfilled();
  }

  DatabaseImage image() {
    return image;
  }

  private DatabaseImage.Reading reading() {
    return new DatabaseImage.Reading() {
      @Override
      public void pageRead() throws IOException {
        MovingScan.this.pageRead();
      }

      @Override
      public void allRead() throws IOException {
        hold.requireUndisturbed();
      }
    };
  }

  private void pageRead() throws IOException {
    if (--pagesToLook > 0) {
      return;
    }
    pagesToLook = PAGES_PER_LOOK;
    if (hold.isAlone()) {
      hold.requireUndisturbed();
      return;
    }
    long now = clock.nanoTime();
    if (now - movedAtNanos >= Pins.KEEP_UP_NANOS) {
      try {
        hold.pins().keepUpHandOverHand(this);
      } catch (SQLException e) {
        throw new IOException("the pin could not be moved on: " + e.getMessage(), e);
      }
      movedAtNanos = clock.nanoTime();
    }
  }

  // ---- called by the pin as it moves

  @Override
  public @Nullable WalCount count() throws IOException {
    return tail.count();
  }

  @Override
  public long frameCount() {
    return tail.frameCount();
  }

  @Override
  public boolean isWriteUnderWay() throws IOException {
    return tail.isFrameBehind();
  }

  @Override
  public void look() throws IOException {
    if (tail.advance() == WalTail.Advance.GAP) {
      throw new WalChangedException(tail.gap());
    }
    if (!tail.hasBatch()) {
      return;
    }
    WalBatch batch = tail.batch();
    for (int pgno : batch.pages().sortedPgnos(image.commit())) {
      image.keep(pgno, page);
    }
    for (int pgno = batch.leastCommit() + 1; pgno <= image.commit(); pgno++) {
      image.keep(pgno, page);
    }
  }

  @Override
  public void copy() throws IOException {
    look();
    if (tail.hasBatch()) {
      WalBatch batch = tail.batch();
      byte[] frame = new byte[WalFrameHeader.SIZE + page.length];
      for (int pgno : batch.pages().sortedPgnos(batch.commit())) {
        if (wal.read(batch.pages().get(pgno), frame, frame.length) < frame.length) {
          throw new WalChangedException("the WAL lost the frame of page " + pgno);
        }
        System.arraycopy(frame, WalFrameHeader.SIZE, page, 0, page.length);
        committed.put(pgno, page);
      }
      if (!tail.isIntact()) {
        throw new WalChangedException("the WAL was restarted while it was being copied");
      }
      committedPageCount = batch.commit();
      committedEnd = batch.end();
      tail.taken();
    }
    forgetWalIfBackfilled();
  }

  /**
   * If everything is backfilled, the next writer may restart the WAL, so the image must not read it
   * any more.
   */
  private void forgetWalIfBackfilled() throws IOException {
    if (hold.isAlone()) {
      return;
    }
    WalCount now = tail.count();
    if (now != null && now.isBackfilled() && tail.isAt(now)) {
      image.forgetWal();
    }
  }

  // ---- after the image

  /** Stages the commits that had to be copied out of the WAL; the tail goes on after them. */
  void stageCommitted(long timestampMillis) throws IOException {
    look();
    if (committedEnd == null) {
      return;
    }
    Position position = staging.position();
    Txid seq = Txid.of(position.segmentSeq() + 1);
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(page.length)
            .commit(committedPageCount)
            .minTxid(seq)
            .maxTxid(seq)
            .timestampMillis(timestampMillis)
            .walOffset(WalPosition.FIRST_FRAME)
            .walSize(committedEnd.offset() - WalPosition.FIRST_FRAME)
            .walSalts(committedEnd.salt1(), committedEnd.salt2())
            .build();
    try (LtxFileWriter writer =
        staging.writer(staging.segments().fileOf(seq.value()), header, encoding, true)) {
      writePages(writer, position.commit());
      writer.finish();
      writer.record(staging.checksums(), committedPageCount);
    }
    staging.addSegment(
        seq.value(),
        position
            .captured(position.pageSize(), committedPageCount, timestampMillis)
            .at(committedEnd, position.walDatabase()));
  }

  private void writePages(LtxFileWriter writer, int formerPageCount) throws IOException {
    int lockPage = Pgno.lockPage(page.length);
    int next = formerPageCount + 1;
    for (int pgno : committed.sortedPgnos(committedPageCount)) {
      next = writeGrowth(writer, next, pgno, lockPage);
      committed.get(pgno, page);
      writer.writePage(pgno, page);
      next = Math.max(next, pgno + 1);
    }
    writeGrowth(writer, next, committedPageCount + 1, lockPage);
  }

  /** Writes pages by which the database grew and that nobody has written. */
  private int writeGrowth(LtxFileWriter writer, int first, int end, int lockPage)
      throws IOException {
    for (int pgno = first; pgno < end; pgno++) {
      if (pgno != lockPage) {
        hold.file().readPage(pgno, page);
        writer.writePage(pgno, page);
      }
    }
    return Math.max(first, end);
  }

  @Override
  public void close() throws IOException {
    try {
      replaced.close();
    } finally {
      committed.close();
    }
  }
}

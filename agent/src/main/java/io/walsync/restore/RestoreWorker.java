package io.walsync.restore;

import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxScanner;
import io.walsync.ltx.PageFrame;
import java.io.IOException;
import java.util.Arrays;

/**
 * One thread of a restore. Takes a range and fetches it. When its turn comes, finds the page frames
 * in it and which of them are to be written. Then decodes and writes them while other threads have
 * their turn.
 */
final class RestoreWorker implements Runnable {

  /**
   * Most memory that a thread holds: a range with the rest of the range before, a batch of pages,
   * and 4 bytes for each frame of the range, in arrays that grow by doubling. The frame of an empty
   * page has some 20 bytes.
   */
  static final long MAX_BYTES = Turns.RANGE_BYTES * 3L / 2 + (1 << 20);

  /** Room in front of a range for the rest of the range before. */
  private static final int REST_BYTES = PageFrame.maxSize(65536);

  private final RangeFetch fetch;
  private final Turns turns;
  private final PageClaims claims;
  private final PageWriter writer;
  private final Abort abort;
  private final RestoreProgress progress;
  private final long planBytes;
  private final boolean isSha256Verified;
  private final boolean isChecksumWanted;
  private final byte[] buffer;
  private final FrameList frames = new FrameList();

  RestoreWorker(
      RangeFetch fetch,
      Turns turns,
      PageClaims claims,
      PageWriter writer,
      Abort abort,
      RestoreProgress progress,
      long planBytes,
      RestoreOptions options) {
    this.fetch = fetch;
    this.turns = turns;
    this.claims = claims;
    this.writer = writer;
    this.abort = abort;
    this.progress = progress;
    this.planBytes = planBytes;
    this.isSha256Verified = options.isSha256Verified();
    this.isChecksumWanted = options.isChecksumWanted();
    buffer = new byte[REST_BYTES + turns.maxRangeBytes()];
  }

  @Override
  public void run() {
    try {
      for (FileRange range = turns.next(); range != null; range = turns.next()) {
        restore(range);
      }
    } catch (Throwable e) {
      abort.fail(e);
    }
  }

  private void restore(FileRange range) throws IOException {
    FileProof proof = range.proof;
    fetch.read(proof.file(), range.offset, buffer, REST_BYTES, range.length);
    String sha256 = null;
    if (range.isFirst() && isSha256Verified) {
      sha256 = fetch.recordedSha256(proof.file());
    }
    turns.await(range);
    if (range.isFirst()) {
      proof.expectSha256(sha256);
    }
    try {
      scan(range);
    } catch (LtxFormatException e) {
      throw proof.damaged(e);
    }
    boolean isTracked = isChecksumWanted || claims.newest().isTracked();
    turns.done(range);
    if (range.isLast()) {
      progress.fileRead(proof.file());
    }
    try {
      if (writer.write(range, buffer, frames, isTracked)) {
        turns.prove(proof);
      }
    } catch (LtxFormatException e) {
      throw new DamagedFileException(proof.file(), e.getMessage(), e);
    }
  }

  private void scan(FileRange range) throws IOException {
    FileProof proof = range.proof;
    LtxScanner scanner = proof.scanner();
    proof.updateSha256(buffer, REST_BYTES, range.length);
    byte[] rest = proof.rest();
    int position = REST_BYTES - rest.length;
    System.arraycopy(rest, 0, buffer, position, rest.length);
    int limit = REST_BYTES + range.length;
    frames.clear();
    while (position < limit) {
      int size = scanner.next(buffer, position, limit);
      if (size == LtxScanner.NEEDS_MORE) {
        break;
      }
      if (scanner.offset() == LtxHeader.SIZE) {
        claims.begin(proof.file(), scanner.header(), planBytes);
      } else if (scanner.pgno() != 0) {
        frames.add(position, size, claims.claim(scanner.pgno()));
      }
      position += size;
    }
    if (range.isLast() && !scanner.isComplete()) {
      throw new LtxFormatException("the file ends early, in the " + scanner.expected());
    }
    proof.keepRest(Arrays.copyOfRange(buffer, position, limit));
  }
}

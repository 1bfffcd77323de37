package io.walsync.restore;

import io.walsync.ltx.LtxTrailer;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the ranges of all files, newest file first, and lets the threads scan them one after
 * another in that same order, in whatever order they were fetched. It keeps nothing of a range or a
 * file before it is handed out or after it is proved: there may be millions of either.
 */
final class Turns {

  /** Size of the largest range. Each thread holds one in memory. */
  static final int RANGE_BYTES = 4 * 1024 * 1024;

  /** Oldest first. */
  private final List<LtxFileInfo> files;

  private final Abort abort;
  private int provedCount;

  @SuppressWarnings("NullAway.Init") // read after all files were proved
  private LtxTrailer newestTrailer;

  /** How many files have not been begun. */
  private int restCount;

  /** The file that is being handed out. */
  private @Nullable FileProof proof;

  private long offset;
  private long rangeIndex;
  private long handedOut;
  private long turn;

  /**
   * @param files oldest first, as a plan has them
   */
  Turns(List<LtxFileInfo> files, Abort abort) {
    this.abort = abort;
    this.files = files;
    restCount = files.size();
  }

  private static long rangeCount(LtxFileInfo file) {
    return Math.max(1, (file.sizeBytes() + RANGE_BYTES - 1) / RANGE_BYTES);
  }

  /** How many ranges there are. */
  long rangeCount() {
    long count = 0;
    for (LtxFileInfo each : files) {
      count += rangeCount(each);
    }
    return count;
  }

  /** Size of the largest range. */
  int maxRangeBytes() {
    long max = 0;
    for (LtxFileInfo each : files) {
      max = Math.max(max, each.sizeBytes());
    }
    return (int) Math.min(max, RANGE_BYTES);
  }

  /** The next range to fetch, or null if there are no more. */
  @Nullable FileRange next() throws IOException {
    synchronized (abort) {
      abort.check();
      if (proof == null) {
        if (restCount == 0) {
          return null;
        }
        LtxFileInfo newest = files.get(--restCount);
        proof = new FileProof(newest, rangeCount(newest));
      }
      int length = (int) Math.min(RANGE_BYTES, proof.file().sizeBytes() - offset);
      FileRange range = new FileRange(proof, handedOut++, rangeIndex++, offset, length);
      offset += length;
      if (range.isLast()) {
        proof = null;
        offset = 0;
        rangeIndex = 0;
      }
      return range;
    }
  }

  /** Waits until all ranges handed out before have been scanned. */
  void await(FileRange range) throws IOException {
    synchronized (abort) {
      while (turn != range.sequence) {
        abort.check();
        abort.await(0);
      }
      abort.check();
    }
  }

  /** Proves a file of which all pages have come in. */
  @SuppressWarnings("ReferenceEquality") // the plan's own object
  void prove(FileProof complete) throws DamagedFileException {
    LtxTrailer trailer = complete.verify();
    synchronized (abort) {
      provedCount++;
      if (complete.file() == newest()) {
        newestTrailer = trailer;
      }
    }
  }

  /** The newest file: its header and trailer say what the database is. */
  LtxFileInfo newest() {
    return files.get(files.size() - 1);
  }

  /** The trailer of the newest file, after all files have been proved. */
  LtxTrailer newestTrailer() {
    synchronized (abort) {
      assert provedCount == files.size() : provedCount;
      return newestTrailer;
    }
  }

  /** Called when the range has been scanned: the next one may be. */
  void done(FileRange range) {
    synchronized (abort) {
      assert turn == range.sequence;
      turn++;
      abort.notifyAll();
    }
  }
}

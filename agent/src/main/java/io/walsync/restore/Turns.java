package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import java.util.List;

/**
 * Hands out the ranges of all files, newest file first, and lets the threads scan them one after
 * another in that same order, however they arrive.
 */
final class Turns {

  /** No range is larger: a part that each thread holds in memory. */
  static final int RANGE_BYTES = 4 * 1024 * 1024;

  private final FileProof[] newestFirst;
  private final Abort abort;
  private int file;
  private long offset;
  private int rangeIndex;
  private long handedOut;
  private long turn;

  /**
   * @param files oldest first, as a plan has them
   */
  Turns(List<LtxFileInfo> files, Abort abort) {
    this.abort = abort;
    newestFirst = new FileProof[files.size()];
    for (int i = 0; i < newestFirst.length; i++) {
      LtxFileInfo info = files.get(files.size() - 1 - i);
      int rangeCount = (int) ((info.sizeBytes() + RANGE_BYTES - 1) / RANGE_BYTES);
      newestFirst[i] = new FileProof(info, Math.max(1, rangeCount));
    }
  }

  FileProof[] newestFirst() {
    return newestFirst;
  }

  /** How many ranges there are. */
  long rangeCount() {
    long count = 0;
    for (FileProof proof : newestFirst) {
      count += proof.rangeCount();
    }
    return count;
  }

  /** Size of the largest range. */
  int maxRangeBytes() {
    long max = 0;
    for (FileProof proof : newestFirst) {
      max = Math.max(max, proof.file().sizeBytes());
    }
    return (int) Math.min(max, RANGE_BYTES);
  }

  /** The next range to fetch, or null if there are no more. */
  FileRange next() throws IOException {
    synchronized (abort) {
      abort.check();
      if (file == newestFirst.length) {
        return null;
      }
      FileProof proof = newestFirst[file];
      int length = (int) Math.min(RANGE_BYTES, proof.file().sizeBytes() - offset);
      FileRange range = new FileRange(proof, handedOut++, rangeIndex++, offset, length);
      offset += length;
      if (range.isLast()) {
        file++;
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

  /** The range has been scanned. */
  void done(FileRange range) {
    synchronized (abort) {
      assert turn == range.sequence;
      turn++;
      abort.notifyAll();
    }
  }
}

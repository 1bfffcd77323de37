package io.walsync.db.history;

import io.walsync.db.events.PastStatus;
import io.walsync.io.Clock;
import io.walsync.replica.LtxFileInfo;
import java.util.List;

/**
 * Counts what a compactor has done since the process began.
 *
 * <p>Threading: safe.
 */
final class PastCounts {

  private final Clock clock;
  private long mergedMillis;
  private long mergeCount;
  private long mergedBytes;
  private long failureCount;
  private long snapshotMillis;
  private long snapshotCount;
  private long addedCount;
  private long addedBytes;
  private long listedCount;
  private long deletedCount;
  private long deletedBytes;
  private long passMillis;
  private long oldestMillis;

  PastCounts(Clock clock) {
    this.clock = clock;
  }

  /** Files were merged into this one, which is no snapshot. */
  synchronized void merged(LtxFileInfo file) {
    mergedMillis = clock.millis();
    mergeCount++;
    mergedBytes += file.sizeBytes();
    added(file);
  }

  /** A snapshot was made of other files. */
  synchronized void snapshotMade(LtxFileInfo file) {
    snapshotStored();
    added(file);
  }

  private void added(LtxFileInfo file) {
    addedCount++;
    addedBytes += file.sizeBytes();
  }

  /** A snapshot is in the store, wherever it came from. */
  synchronized void snapshotStored() {
    snapshotMillis = clock.millis();
    snapshotCount++;
  }

  synchronized void failed() {
    failureCount++;
  }

  /** Files were deleted. */
  synchronized void deleted(List<LtxFileInfo> files) {
    deletedCount += files.size();
    addedCount -= files.size();
    for (LtxFileInfo file : files) {
      deletedBytes += file.sizeBytes();
      addedBytes -= file.sizeBytes();
    }
  }

  /**
   * A pass has looked for what may be deleted, and deleted what it would.
   *
   * @param oldest when the oldest state was committed that stays
   */
  synchronized void passed(long oldest) {
    passMillis = clock.millis();
    oldestMillis = oldest;
  }

  /**
   * What was added is among what a listing has found.
   *
   * @param count of its files
   */
  synchronized void listed(long count) {
    listedCount = count;
    addedCount = 0;
    addedBytes = 0;
  }

  /** Files that the replica had when it was listed, and those that were made or deleted since. */
  synchronized long fileCount() {
    return listedCount + addedCount;
  }

  /** Files made since {@link #listed}, less those that were deleted. */
  synchronized long addedCount() {
    return addedCount;
  }

  /** Bytes of these files. */
  synchronized long addedBytes() {
    return addedBytes;
  }

  synchronized PastStatus status() {
    return new PastStatus(
            mergedMillis, mergeCount, mergedBytes, failureCount, snapshotMillis, snapshotCount)
        .withDeleted(passMillis, deletedCount, deletedBytes, oldestMillis);
  }
}

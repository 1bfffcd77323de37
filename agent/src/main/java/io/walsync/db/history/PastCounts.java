package io.walsync.db.history;

import io.walsync.db.events.PastStatus;
import io.walsync.io.Clock;
import io.walsync.replica.LtxFileInfo;

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

  /** What was added is among what a listing has found. */
  synchronized void listed() {
    addedCount = 0;
    addedBytes = 0;
  }

  /** Files made since {@link #listed}. */
  synchronized long addedCount() {
    return addedCount;
  }

  /** Bytes of these files. */
  synchronized long addedBytes() {
    return addedBytes;
  }

  synchronized PastStatus status() {
    return new PastStatus(
        mergedMillis, mergeCount, mergedBytes, failureCount, snapshotMillis, snapshotCount);
  }
}

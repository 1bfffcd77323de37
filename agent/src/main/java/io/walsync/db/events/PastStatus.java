package io.walsync.db.events;

/**
 * What one process has made of the files in a replica, since it began. Immutable. Times are
 * milliseconds since the epoch, 0 for none.
 */
public final class PastStatus {

  /** Nothing was merged. */
  public static final PastStatus NONE = new PastStatus(0, 0, 0, 0, 0, 0);

  private final long mergedMillis;
  private final long mergeCount;
  private final long mergedBytes;
  private final long failureCount;
  private final long snapshotMillis;
  private final long snapshotCount;

  /**
   * @param mergedBytes that merged files have, without those of snapshots
   * @param failureCount turns of merging that failed; each was made again
   * @param snapshotCount snapshots stored, uploaded ones and those that were made of other files
   */
  public PastStatus(
      long mergedMillis,
      long mergeCount,
      long mergedBytes,
      long failureCount,
      long snapshotMillis,
      long snapshotCount) {
    this.mergedMillis = mergedMillis;
    this.mergeCount = mergeCount;
    this.mergedBytes = mergedBytes;
    this.failureCount = failureCount;
    this.snapshotMillis = snapshotMillis;
    this.snapshotCount = snapshotCount;
  }

  /** When files were last merged. */
  public long mergedMillis() {
    return mergedMillis;
  }

  /** Files that were made of others, without snapshots. */
  public long mergeCount() {
    return mergeCount;
  }

  /** Bytes of these files. */
  public long mergedBytes() {
    return mergedBytes;
  }

  /** Turns of merging that failed. */
  public long failureCount() {
    return failureCount;
  }

  /** When a snapshot was last stored. */
  public long snapshotMillis() {
    return snapshotMillis;
  }

  /** Snapshots stored. */
  public long snapshotCount() {
    return snapshotCount;
  }
}

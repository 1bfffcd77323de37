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
  private final long passMillis;
  private final long deletedCount;
  private final long deletedBytes;
  private final long oldestMillis;

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
    this(
        mergedMillis,
        mergeCount,
        mergedBytes,
        failureCount,
        snapshotMillis,
        snapshotCount,
        0,
        0,
        0,
        0);
  }

  private PastStatus(
      long mergedMillis,
      long mergeCount,
      long mergedBytes,
      long failureCount,
      long snapshotMillis,
      long snapshotCount,
      long passMillis,
      long deletedCount,
      long deletedBytes,
      long oldestMillis) {
    this.mergedMillis = mergedMillis;
    this.mergeCount = mergeCount;
    this.mergedBytes = mergedBytes;
    this.failureCount = failureCount;
    this.snapshotMillis = snapshotMillis;
    this.snapshotCount = snapshotCount;
    this.passMillis = passMillis;
    this.deletedCount = deletedCount;
    this.deletedBytes = deletedBytes;
    this.oldestMillis = oldestMillis;
  }

  /**
   * The same, with what was deleted.
   *
   * @param lastPassMillis when it was last looked for what may be deleted
   * @param count of files that were deleted
   * @param bytes of these files
   * @param oldest when the oldest state was committed that the last pass has left
   */
  public PastStatus withDeleted(long lastPassMillis, long count, long bytes, long oldest) {
    return new PastStatus(
        mergedMillis,
        mergeCount,
        mergedBytes,
        failureCount,
        snapshotMillis,
        snapshotCount,
        lastPassMillis,
        count,
        bytes,
        oldest);
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

  /** When it was last looked for what may be deleted. */
  public long passMillis() {
    return passMillis;
  }

  /** Files that were deleted. */
  public long deletedCount() {
    return deletedCount;
  }

  /** Bytes of these files. */
  public long deletedBytes() {
    return deletedBytes;
  }

  /** When the oldest state was committed that the last pass has left. */
  public long oldestMillis() {
    return oldestMillis;
  }
}

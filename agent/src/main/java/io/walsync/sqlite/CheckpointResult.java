package io.walsync.sqlite;

/** The row that {@code PRAGMA wal_checkpoint} returns. */
public final class CheckpointResult {

  private final boolean isBusy;
  private final long logFrameCount;
  private final long checkpointedFrameCount;

  CheckpointResult(boolean isBusy, long logFrameCount, long checkpointedFrameCount) {
    this.isBusy = isBusy;
    this.logFrameCount = logFrameCount;
    this.checkpointedFrameCount = checkpointedFrameCount;
  }

  /** Frames in the WAL, or -1 when the database is not in WAL mode. */
  public long logFrameCount() {
    return logFrameCount;
  }

  /**
   * Whether every frame of the WAL is in the database file, so that the next writer may restart the
   * WAL.
   */
  public boolean isComplete() {
    return !isBusy && logFrameCount >= 0 && logFrameCount == checkpointedFrameCount;
  }

  /** Frames of the WAL that are in the database file. */
  public long checkpointedFrameCount() {
    return checkpointedFrameCount;
  }

  /** Frames a reader kept from being copied. */
  public long remainingFrameCount() {
    return Math.max(0, logFrameCount - checkpointedFrameCount);
  }
}

package io.walsync.history;

import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;

/** What is proved of one state of a replica. Immutable. */
public final class ProvedState {

  private final RestorePlan plan;
  private final RestoreResult content;
  private final boolean isChecksumRecorded;
  private final int unrecordedCount;

  private ProvedState(
      RestorePlan plan, RestoreResult content, boolean isChecksumRecorded, int unrecordedCount) {
    this.plan = plan;
    this.content = content;
    this.isChecksumRecorded = isChecksumRecorded;
    this.unrecordedCount = unrecordedCount;
  }

  static ProvedState listed(RestorePlan plan, int unrecordedCount) {
    return new ProvedState(plan, null, false, unrecordedCount);
  }

  static ProvedState read(RestoreResult content, boolean isChecksumRecorded) {
    return new ProvedState(content.plan(), content, isChecksumRecorded, 0);
  }

  /** The files it is made of. */
  public RestorePlan plan() {
    return plan;
  }

  /** What came out of them; null if they were not read. */
  public RestoreResult content() {
    return content;
  }

  /** Whether the database's checksum was recorded as it was committed, and is the same. */
  public boolean isChecksumRecorded() {
    return isChecksumRecorded;
  }

  /** Files that the store has no SHA-256 beside; 0 if they were read. */
  public int unrecordedCount() {
    return unrecordedCount;
  }
}

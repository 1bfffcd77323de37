package io.walsync.history;

import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;
import org.jspecify.annotations.Nullable;

/** The outcome of a proof of one state of a replica. Immutable. */
public final class ProvedState {

  private final RestorePlan plan;
  private final @Nullable RestoreResult content;
  private final boolean isChecksumRecorded;
  private final int unrecordedCount;

  private ProvedState(
      RestorePlan plan,
      @Nullable RestoreResult content,
      boolean isChecksumRecorded,
      int unrecordedCount) {
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

  /** The files that the state is restored from. */
  public RestorePlan plan() {
    return plan;
  }

  /** The result of reading them; null if they were not read. */
  public @Nullable RestoreResult content() {
    return content;
  }

  /**
   * Whether a checksum of the database was recorded at the commit and has been compared. It was
   * equal.
   */
  public boolean isChecksumRecorded() {
    return isChecksumRecorded;
  }

  /** How many files have no SHA-256 recorded in the store; 0 if the files were read. */
  public int unrecordedCount() {
    return unrecordedCount;
  }
}

package io.walsync.history.compaction;

import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.util.List;

/**
 * Whether a replica is to get a snapshot, worked out from its files. One is due when the last is
 * old, when a restore would read more of what came after it than of itself, or more than {@value
 * #MOST_FILES} files; never if nothing came after it. Immutable.
 */
public final class DueSnapshot {

  /** What a restore reads at most. */
  static final int MOST_FILES = 100;

  /** Bytes. A small database changes more than itself in no time, and is read in no time. */
  static final long LEAST_BYTES = 4L << 20;

  private final List<LtxFileInfo> inputs;
  private final long dueMillis;

  private DueSnapshot(List<LtxFileInfo> inputs, long dueMillis) {
    this.inputs = inputs;
    this.dueMillis = dueMillis;
  }

  /**
   * @param files of the replica, but for what is of another history
   * @param intervalMillis age of the last snapshot at which the next is due
   * @throws RestoreException if the newest state cannot be restored
   */
  public static DueSnapshot of(
      String url, List<LtxFileInfo> files, long intervalMillis, long nowMillis)
      throws RestoreException {
    List<LtxFileInfo> plan = RestorePlan.of(url, files, RestoreTarget.latest()).files();
    if (plan.size() == 1) {
      return new DueSnapshot(plan, NextMerge.NEVER);
    }
    LtxFileInfo base = plan.get(0);
    long after = 0;
    for (LtxFileInfo file : plan.subList(1, plan.size())) {
      after += file.sizeBytes();
    }
    boolean isLarge = plan.size() > MOST_FILES || after > Math.max(LEAST_BYTES, base.sizeBytes());
    return new DueSnapshot(plan, isLarge ? nowMillis : base.createdMillis() + intervalMillis);
  }

  /** What it is made of, oldest first: what a restore of the newest state would read. */
  public List<LtxFileInfo> inputs() {
    return inputs;
  }

  /** Milliseconds since the epoch; {@link NextMerge#NEVER} if another file must come first. */
  public long dueMillis() {
    return dueMillis;
  }
}

package io.walsync.history.retention;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.Arrays;
import java.util.List;

/** What one of the {@link Passes} has come to. Immutable. */
public final class Pass {

  /** Nothing is held back. */
  public static final long NOT_HELD = 0;

  private final PrunePlan plan;
  private final List<LtxFileInfo> left;
  private final boolean isMoreThanFits;
  private final long heldUntilMillis;

  Pass(PrunePlan plan, List<LtxFileInfo> left, boolean isMoreThanFits, long heldUntilMillis) {
    this.plan = plan;
    this.left = left;
    this.isMoreThanFits = isMoreThanFits;
    this.heldUntilMillis = heldUntilMillis;
  }

  /** Files that no promise needs and that are still there. */
  public int leftCount() {
    return left.size();
  }

  /** Whether more may go than one pass deletes. */
  public boolean isMoreThanFits() {
    return isMoreThanFits;
  }

  /**
   * Until when nothing is deleted, since it would be more than half of the states; by the store's
   * clock, {@link #NOT_HELD} if nothing is held back.
   */
  public long heldUntilMillis() {
    return heldUntilMillis;
  }

  /** States that can be restored. */
  public int stateCount() {
    return plan.before().points().size();
  }

  /** States of which it is known that they would be left without what may go. */
  public int promisedCount() {
    return plan.keepSet().certainCount();
  }

  /** Bytes of the files that no promise needs and that are still there. */
  public long leftBytes() {
    long bytes = 0;
    for (LtxFileInfo file : left) {
      bytes += file.sizeBytes();
    }
    return bytes;
  }

  /** When the oldest state was committed that can be restored; 0 if there is none. */
  public long oldestMillis() {
    LtxFileInfo oldest = null;
    for (List<LtxFileInfo> files : Arrays.asList(plan.keepSet().kept(), left)) {
      for (LtxFileInfo file : files) {
        boolean isFirst =
            file.minTxid().equals(Txid.FIRST)
                && (oldest == null || file.maxTxid().compareTo(oldest.maxTxid()) < 0);
        oldest = isFirst ? file : oldest;
      }
    }
    return oldest == null ? 0 : oldest.createdMillis();
  }
}

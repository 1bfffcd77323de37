package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;

/**
 * Which files a restore to a moment took or left out although their times are not to be trusted.
 */
public final class ClockDoubt {

  private final LtxFileInfo taken;
  private final long believedMillis;
  private final LtxFileInfo leftOut;

  ClockDoubt(LtxFileInfo taken, long believedMillis, LtxFileInfo leftOut) {
    this.taken = taken;
    this.believedMillis = believedMillis;
    this.leftOut = leftOut;
  }

  /**
   * The newest file of the plan as it was listed, if its own time lies in the future and another
   * was believed; else null.
   */
  public LtxFileInfo taken() {
    return taken;
  }

  /** What was believed of the newest file of the plan, in milliseconds since the Unix epoch. */
  public long believedMillis() {
    return believedMillis;
  }

  /**
   * The newest file beyond the plan that the store says it took before the moment asked for; null
   * if there is none.
   */
  public LtxFileInfo leftOut() {
    return leftOut;
  }
}

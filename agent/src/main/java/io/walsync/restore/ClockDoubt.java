package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;

/** The files that a restore to a moment took or left out although their times are doubtful. */
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
   * was used; else null.
   */
  public LtxFileInfo taken() {
    return taken;
  }

  /**
   * The time that was used for the newest file of the plan, in milliseconds since the Unix epoch.
   */
  public long believedMillis() {
    return believedMillis;
  }

  /**
   * The newest file after the plan that the store received before the moment asked for, by the
   * store's clock; null if there is none.
   */
  public LtxFileInfo leftOut() {
    return leftOut;
  }
}

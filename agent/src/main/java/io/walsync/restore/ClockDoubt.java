package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import org.jspecify.annotations.Nullable;

/** The files that a restore to a moment took or left out although their times are doubtful. */
public final class ClockDoubt {

  private final @Nullable LtxFileInfo taken;
  private final long believedMillis;
  private final @Nullable LtxFileInfo leftOut;

  ClockDoubt(@Nullable LtxFileInfo taken, long believedMillis, @Nullable LtxFileInfo leftOut) {
    this.taken = taken;
    this.believedMillis = believedMillis;
    this.leftOut = leftOut;
  }

  /**
   * The newest file of the plan as it was listed, if its own time lies in the future and another
   * was used; else null.
   */
  public @Nullable LtxFileInfo taken() {
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
  public @Nullable LtxFileInfo leftOut() {
    return leftOut;
  }
}

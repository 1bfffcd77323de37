package io.walsync.hook;

import io.walsync.sqlite.ResultCode;

/**
 * What a connection that keeps its databases to itself ({@code locking_mode=EXCLUSIVE}) tells of
 * its calls into SQLite. Nobody can ask SQLite for its count of what is committed then; but what
 * the WAL holds while no call is running was counted, unless a call has failed.
 *
 * <p>Threading: written by the connection's thread, under the connection's monitor; read and asked
 * by the agent's. Wait-free.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others read
public final class SoleWriter {

  /** No checkpoint has begun. */
  public static final long NEVER = -1;

  /** Grows at the beginning and at the end of each call; odd while one is running. */
  private volatile long clock;

  private volatile long endCount;
  private volatile long failureCount;
  private volatile long checkpointAt = NEVER;
  private volatile long checkpointedFrameCount = NEVER;
  private volatile boolean isCheckpointWanted;
  private volatile boolean isHeldOff;
  private volatile boolean isRetired;

  /**
   * @param failedBefore whether a call may have failed before anybody looked
   */
  SoleWriter(boolean failedBefore) {
    failureCount = failedBefore ? 1 : 0;
  }

  // ---- the connection's thread

  /** What takes its place where the journal mode may have changed. */
  SoleWriter renewed() {
    retire();
    SoleWriter next = new SoleWriter(failureCount > 0);
    next.isHeldOff = isHeldOff;
    return next;
  }

  /**
   * A call that may write begins. One before may have returned a row, of which nobody tells.
   *
   * @param mayCheckpoint whether it may checkpoint or close the database
   * @param mayCommitBefore whether it may commit something before it does
   */
  void enter(boolean mayCheckpoint, boolean mayCommitBefore) {
    long now = clock;
    long next = isQuiet(now) ? now + 1 : now + 2;
    if (mayCheckpoint) {
      checkpointAt = isQuiet(now) && !mayCommitBefore ? now : next;
    }
    clock = next;
  }

  /**
   * A call has returned.
   *
   * @param isOutside whether no transaction is known to be open
   * @param resultCode SQLite's
   */
  void left(boolean isOutside, long resultCode) {
    if (isFailure(resultCode)) {
      failureCount = failureCount + 1;
    }
    if (isOutside) {
      checkpointedFrameCount = NEVER;
      endCount = endCount + 1;
    }
    long now = clock;
    clock = isQuiet(now) ? now + 2 : now + 1;
  }

  /** A checkpoint of ours is about to begin. */
  void checkpointBegins() {
    checkpointAt = clock;
  }

  /** Whether the agent wants a checkpoint; asked once. */
  boolean takeCheckpointWanted() {
    boolean isWanted = isCheckpointWanted;
    if (isWanted) {
      isCheckpointWanted = false;
    }
    return isWanted;
  }

  /**
   * A checkpoint of ours has returned.
   *
   * @param frameCount how many frames SQLite counts; negative if it did not tell
   */
  void checkpointed(long frameCount) {
    checkpointedFrameCount = frameCount;
    clock = clock + 2;
  }

  /** It tells of no call any more. */
  void retire() {
    isRetired = true;
  }

  void heldOff(boolean isOff) {
    isHeldOff = isOff;
  }

  /** Whether a commit that returned this may have reached the WAL without being counted. */
  static boolean isFailure(long resultCode) {
    switch ((int) resultCode & ResultCode.PRIMARY_MASK) {
      case ResultCode.OK:
      case ResultCode.ROW:
      case ResultCode.DONE:
      case ResultCode.ERROR:
      case ResultCode.BUSY:
      case ResultCode.LOCKED:
      case ResultCode.CONSTRAINT:
      case ResultCode.MISMATCH:
        return false;
      default:
        return true;
    }
  }

  // ---- the agent's threads

  /** Grows with each call of the connection's; see {@link #isQuiet}. */
  public long clock() {
    return clock;
  }

  /** Whether no call was running then. */
  public static boolean isQuiet(long clock) {
    return (clock & 1) == 0;
  }

  /** How many calls have returned that may have ended a transaction. */
  public long endCount() {
    return endCount;
  }

  /** How many calls have failed such that a commit may stand in the WAL that SQLite disowns. */
  public long failureCount() {
    return failureCount;
  }

  /**
   * The {@link #clock} as the last checkpoint began, quiet if nothing can have been committed
   * between; {@link #NEVER} if there was none.
   */
  public long checkpointAt() {
    return checkpointAt;
  }

  /**
   * How many frames SQLite counted at the last checkpoint of ours, if nothing can have been
   * committed since; else {@link #NEVER}.
   */
  public long checkpointedFrameCount() {
    return checkpointedFrameCount;
  }

  /** Asks for a checkpoint at the end of a call outside a transaction, on its thread. */
  public void wantCheckpoint() {
    isCheckpointWanted = true;
  }

  /**
   * Whether another has taken its place, or the database is not the connection's alone any more.
   */
  public boolean isRetired() {
    return isRetired;
  }

  /** Whether SQLite does not checkpoint by itself. */
  public boolean isHeldOff() {
    return isHeldOff;
  }
}

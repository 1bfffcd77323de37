package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.upload.Replicator;
import java.util.concurrent.TimeUnit;

/**
 * When a database wants its next turn.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Timetable {

  /** What there is to do for the database. */
  interface Work {
    /** Whether there is a pin, for which a checkpoint of somebody else may wait. */
    boolean isPinned();

    /** Whether commits wait for the store that are in no sealed file. */
    boolean hasUnsealed();

    /** Whether a sealed file waits for the store. */
    boolean hasSealed();

    /** Whether segments wait that can be sealed now. */
    boolean canSeal();
  }

  /** The next turn is due when a commit or a caller asks for it. */
  static final long UNTIL_COMMIT = Long.MAX_VALUE;

  /**
   * Longest time between two turns of an open database. It finds commits of other processes, which
   * no hook sees, and calls that got lost.
   */
  static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Connections connections;
  private final Drain drain;
  private final Replicator replicator;
  private final UploadTime uploadTime;
  private final Work work;

  Timetable(
      Connections connections,
      Drain drain,
      Replicator replicator,
      UploadTime uploadTime,
      Work work) {
    this.connections = connections;
    this.drain = drain;
    this.replicator = replicator;
    this.uploadTime = uploadTime;
    this.work = work;
  }

  /** Nanoseconds until the next turn of a database that is captured. */
  long whileCaptured(long now) {
    long wait = work.isPinned() ? Pins.KEEP_UP_NANOS : POLL_NANOS;
    long untilUpload = uploadTime.waitNanos(now);
    boolean isSomethingToUpload = work.hasUnsealed() || work.hasSealed();
    if (!replicator.isBusy() && (isSomethingToUpload || untilUpload > 0)) {
      // Nothing waits for upload: from that moment on a commit is to wake the duty cycle.
      wait = Math.min(wait, Math.max(0, untilUpload));
    }
    return wait;
  }

  /**
   * Nanoseconds until the next turn of a database that is not captured now.
   *
   * @param isSettled whether the last close is settled
   * @param startAtNanos when capture may be tried
   */
  long whileWaiting(long now, boolean isSettled, long startAtNanos) {
    long wait = UNTIL_COMMIT;
    if (connections.isAnyStaying()) {
      wait = Math.max(connections.exclusiveNanos(now), startAtNanos - now);
      wait = Math.max(0, wait);
    } else if (!isSettled && !connections.isAnyOpen()) {
      wait = Math.max(0, startAtNanos - now);
    }
    if (replicator.isBusy()) {
      return Math.min(wait, POLL_NANOS);
    }
    if (work.canSeal() || work.hasSealed()) {
      wait = Math.min(wait, Math.max(0, uploadTime.waitNanos(now)));
    }
    return wait;
  }

  /** Nanoseconds until the next turn of a database that is uploaded and not looked at any more. */
  long whileLeft(long now) {
    boolean isSomethingToUpload = work.canSeal() || work.hasSealed();
    return !replicator.isBusy() && isSomethingToUpload
        ? Math.max(0, replicator.waitNanos(now, true))
        : POLL_NANOS;
  }

  /** Nanoseconds until the next turn while the replica is asked, and of a refused database. */
  long whileAsking(long now) {
    return replicator.isFailing()
        ? Math.max(0, replicator.waitNanos(now, drain.isWanted()))
        : POLL_NANOS;
  }
}

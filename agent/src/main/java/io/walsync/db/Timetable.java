package io.walsync.db;

import java.util.concurrent.TimeUnit;

/**
 * When a database wants its next turn.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Timetable {

  /** The next turn is due when a commit or a caller asks for it. */
  static final long UNTIL_COMMIT = Long.MAX_VALUE;

  /**
   * The safety net: commits of other processes, which no hook sees, and callers whose call got
   * lost.
   */
  static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** While commits flow: often enough to see the WAL grow, seldom enough not to disturb fsyncs. */
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** While few do: a writer that begins to hurry is seen before its WAL is large. */
  private static final long ACTIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final double BUSY_BYTES_PER_SECOND = 1 << 20;

  /** How long after the last commit the database still counts as active. */
  private static final long ACTIVE_TAIL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Connections connections;
  private final Drain drain;
  private final Replicator replicator;
  private final Session session;
  private final GrowthRate rate;

  Timetable(
      Connections connections,
      Drain drain,
      Replicator replicator,
      Session session,
      GrowthRate rate) {
    this.connections = connections;
    this.drain = drain;
    this.replicator = replicator;
    this.session = session;
    this.rate = rate;
  }

  /** Nanoseconds until the next turn of a database that is captured. */
  long whileReplicating(long now) {
    long wait = POLL_NANOS;
    if (now - rate.lastCommitNanos() < ACTIVE_TAIL_NANOS) {
      wait = rate.bytesPerSecond() > BUSY_BYTES_PER_SECOND ? BUSY_NANOS : ACTIVE_NANOS;
    }
    long untilUpload = replicator.waitNanos(now, drain.isWanted());
    boolean isSomethingToUpload = session.hasPending() || replicator.hasSealed();
    if (!replicator.isBusy() && (isSomethingToUpload || untilUpload > 0)) {
      // With nothing to upload yet, that is the moment from which a commit is to wake us.
      wait = Math.min(wait, Math.max(0, untilUpload));
    }
    return wait;
  }

  /**
   * Nanoseconds until the next turn of a database that is not captured now.
   *
   * @param isSettled whether the last close is accounted for
   * @param startAtNanos when capture may be tried
   */
  long whileWaiting(long now, boolean isSettled, long startAtNanos) {
    long wait = UNTIL_COMMIT;
    if (connections.isAnyStaying() && !connections.isExclusive()) {
      wait = Math.max(0, startAtNanos - now);
    } else if (!isSettled && !connections.isAnyOpen()) {
      wait = Math.max(0, startAtNanos - now);
    }
    if (replicator.isBusy()) {
      return Math.min(wait, POLL_NANOS);
    }
    if (session.canSeal() || replicator.hasSealed()) {
      wait = Math.min(wait, Math.max(0, replicator.waitNanos(now, drain.isWanted())));
    }
    return wait;
  }

  /** Nanoseconds until the next turn of a database that is uploaded and not looked at any more. */
  long whileLeft(long now) {
    boolean isSomethingToUpload = session.canSeal() || replicator.hasSealed();
    return !replicator.isBusy() && isSomethingToUpload
        ? Math.max(0, replicator.waitNanos(now, true))
        : POLL_NANOS;
  }

  /** Nanoseconds until the next turn while the replica is asked, or never more. */
  long whileAsking(long now) {
    return replicator.isFailing()
        ? Math.max(0, replicator.waitNanos(now, drain.isWanted()))
        : POLL_NANOS;
  }
}

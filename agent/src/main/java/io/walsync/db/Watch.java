package io.walsync.db;

import io.walsync.db.capture.GrowthRate;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.tail.WalChangedException;
import io.walsync.io.Reason;

/**
 * Does what each turn needs while a database is captured: copies new commits, keeps the pin out of
 * others' way, has the WAL checkpointed, and has an idle database rest.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Watch {

  /** Without a commit for this long, a pin that protects nothing is released. */
  private static final long RELAX_NANOS = 2 * Pins.KEEP_UP_NANOS;

  /**
   * Without a commit for this long, the commits that a pin protects are copied, and it is released.
   */
  private static final long RELAX_COPYING_NANOS = 5 * Pins.KEEP_UP_NANOS;

  private final Session session;
  private final DbEvents events;
  private final Doubt doubt;
  private final GrowthRate rate;
  private final Idleness idleness;
  private long sinceNanos;
  private long pollAtNanos;
  private boolean wasEnding;

  /**
   * @param restAfterNanos how long a database is idle before its first rest
   */
  Watch(Session session, DbEvents events, Doubt doubt, long restAfterNanos, long nowNanos) {
    this.session = session;
    this.events = events;
    this.doubt = doubt;
    this.rate = new GrowthRate(nowNanos);
    this.idleness = new Idleness(restAfterNanos);
  }

  /** Notes that capture has begun. */
  void begins(long now) {
    sinceNanos = now;
    rate.reset(now);
  }

  /** Nanoseconds for which the database has been captured. */
  long nanos(long now) {
    return now - sinceNanos;
  }

  /** Looks for commits once. If some were missed, compares the whole database at once. */
  void look(long now) throws Exception {
    try {
      follow(now);
      idleness.note(session.isResting(), now);
    } catch (WalChangedException e) {
      events.resynchronising(Reason.of(e));
      session.resynchronise();
    }
  }

  private void follow(long now) throws Exception {
    if (session.advance()) {
      rate.committed(now);
    }
    session.keepUp();
    long quietNanos = now - rate.lastCommitNanos();
    if (quietNanos > (session.backlog().hasBatch() ? RELAX_COPYING_NANOS : RELAX_NANOS)) {
      boolean wasPinned = session.isPinned();
      session.relax();
      if (wasPinned && !session.isPinned()) {
        events.decided(Decision.PIN_RELEASED, "nothing was committed for a while");
      }
    }
    if (isIdle(now)) {
      session.rest();
    }
  }

  private boolean isIdle(long now) {
    return !session.isResting()
        && idleness.isLongEnough(rate.lastCommitNanos(), now)
        && idleness.isLongEnough(sinceNanos, now)
        // Sealed files are uploaded without a connection of the agent, so they do not count.
        && !session.backlog().hasPending();
  }

  /** Nanoseconds until the database may rest, if nothing is committed before. */
  long nanosUntilRest(long now) {
    return Math.max(
        idleness.waitNanos(rate.lastCommitNanos(), now), idleness.waitNanos(sinceNanos, now));
  }

  /** Has the WAL checkpointed if it is time to. */
  void checkpoint(long now) throws Exception {
    rate.sample(session.runBytes(), now);
    session.checkpoint(rate.bytesPerSecond(), now);
    doubt.look(session.backlog().isInDoubt(), now);
  }

  /** Whether a poll is due; true once a second, and once as the process begins to end. */
  boolean isPollDue(long now, boolean isEnding) {
    if (now - pollAtNanos < 0 && isEnding == wasEnding) {
      return false;
    }
    wasEnding = isEnding;
    pollAtNanos = now + Timetable.POLL_NANOS;
    return true;
  }
}

package io.walsync.db;

import io.walsync.db.capture.GrowthRate;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.tail.WalChangedException;

/**
 * What is done each turn while a database is captured: takes in what was committed, keeps the pin
 * out of everybody's way, has the WAL checkpointed, and lets go of what has been idle for long.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Watch {

  /** Without a commit for this long, a pin that protects nothing is released. */
  private static final long RELAX_NANOS = 2 * Pins.KEEP_UP_NANOS;

  /** One that does protect something is released after this, and that is copied for it. */
  private static final long RELAX_COPYING_NANOS = 5 * Pins.KEEP_UP_NANOS;

  private final Session session;
  private final DbEvents events;
  private final GrowthRate rate;
  private final Idleness idleness;
  private long sinceNanos;
  private long pollAtNanos;

  /**
   * @param restAfterNanos how long a database is idle before its first rest
   */
  Watch(Session session, DbEvents events, long restAfterNanos, long nowNanos) {
    this.session = session;
    this.events = events;
    this.rate = new GrowthRate(nowNanos);
    this.idleness = new Idleness(restAfterNanos);
  }

  /** Capture has begun. */
  void begins(long now) {
    sinceNanos = now;
    rate.reset(now);
  }

  /** For how long the database has been captured. */
  long nanos(long now) {
    return now - sinceNanos;
  }

  /** One look; a gap is closed at once. */
  void look(long now) throws Exception {
    try {
      follow(now);
      idleness.note(session.isResting(), now);
    } catch (WalChangedException e) {
      events.resynchronising(e.getMessage());
      session.resynchronise();
    }
  }

  private void follow(long now) throws Exception {
    if (session.advance()) {
      rate.committed(now);
    }
    session.keepUp();
    long quietNanos = now - rate.lastCommitNanos();
    if (quietNanos > (session.hasBatch() ? RELAX_COPYING_NANOS : RELAX_NANOS)) {
      boolean wasPinned = session.isPinned();
      session.relax();
      if (wasPinned) {
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
        // What is sealed reaches the store without a connection of ours.
        && !session.hasPending();
  }

  /** Nanoseconds until a database that is not idle before then may be let go. */
  long nanosUntilRest(long now) {
    return Math.max(
        idleness.waitNanos(rate.lastCommitNanos(), now), idleness.waitNanos(sinceNanos, now));
  }

  /** Has the WAL checkpointed if it is time to. */
  void checkpoint(long now) throws Exception {
    rate.sample(session.runBytes(), now);
    session.checkpoint(rate.bytesPerSecond(), now);
  }

  /** Whether it is time to look around as well, once each time it is. */
  boolean isPollDue(long now) {
    if (now - pollAtNanos < 0) {
      return false;
    }
    pollAtNanos = now + Timetable.POLL_NANOS;
    return true;
  }
}

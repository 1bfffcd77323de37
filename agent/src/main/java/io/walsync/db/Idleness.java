package io.walsync.db;

/**
 * When an idle database may be let go. Soon, since a process that opens a thousand of them pays for
 * those it holds at the same time; later each time if the rest turns out to be short, since to take
 * hold again costs a millisecond.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Idleness {

  /** How much longer than the first idle time a database may be made to wait for its rest. */
  private static final int MOST_DOUBLINGS = 8;

  /** A rest of this many times the first idle time was worth it. */
  private static final int WORTH_FACTOR = 90;

  private final long firstNanos;
  private int doublings;
  private long restSinceNanos;
  private boolean wasResting;

  /**
   * @param firstNanos idle time before the first rest
   */
  Idleness(long firstNanos) {
    this.firstNanos = firstNanos;
  }

  /** Takes note of how it is now, once a turn. */
  void note(boolean isResting, long nowNanos) {
    if (isResting && !wasResting) {
      restSinceNanos = nowNanos;
    } else if (wasResting && !isResting) {
      boolean wasWorthIt = nowNanos - restSinceNanos > firstNanos * WORTH_FACTOR;
      doublings = wasWorthIt ? 0 : Math.min(MOST_DOUBLINGS, doublings + 1);
    }
    wasResting = isResting;
  }

  /**
   * Nanoseconds from {@code nowNanos} until {@link #isLongEnough} holds; once it does, {@link
   * Timetable#POLL_NANOS}, since something else keeps the database from its rest.
   */
  long waitNanos(long sinceNanos, long nowNanos) {
    long left = (firstNanos << doublings) - (nowNanos - sinceNanos);
    return left >= 0 ? left + 1 : Timetable.POLL_NANOS;
  }

  /** Whether a database that has been idle since then may be let go. */
  boolean isLongEnough(long sinceNanos, long nowNanos) {
    return nowNanos - sinceNanos > firstNanos << doublings;
  }
}

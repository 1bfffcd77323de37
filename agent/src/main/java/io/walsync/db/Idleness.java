package io.walsync.db;

/**
 * Decides when an idle database begins to rest. Soon, since a process with a thousand databases
 * pays for those it holds at the same time. Later each time the rest was short, since to take hold
 * again costs a millisecond.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Idleness {

  /** Largest number of doublings of the first idle time. */
  private static final int MOST_DOUBLINGS = 8;

  /** A rest longer than this many times the first idle time ends the doubling. */
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

  /** Notes the present state; called once a turn. */
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
   * Timetable#POLL_NANOS}, since then something else is in the way of the rest.
   */
  long waitNanos(long sinceNanos, long nowNanos) {
    long left = (firstNanos << doublings) - (nowNanos - sinceNanos);
    return left >= 0 ? left + 1 : Timetable.POLL_NANOS;
  }

  /** Whether a database that has been idle since then may rest. */
  boolean isLongEnough(long sinceNanos, long nowNanos) {
    return nowNanos - sinceNanos > firstNanos << doublings;
  }
}

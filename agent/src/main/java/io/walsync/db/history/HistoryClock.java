package io.walsync.db.history;

import io.walsync.io.Clock;

/**
 * The time by which merges and snapshots are due: the clock's or, where that was set back, what the
 * newest file says and what has passed since it came. The times of files never run backwards.
 *
 * <p>Threading: safe.
 */
final class HistoryClock {

  static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private long newestMillis;
  private long newestNanos;

  HistoryClock(Clock clock) {
    this.clock = clock;
    this.newestNanos = clock.nanoTime();
  }

  /** Milliseconds since the epoch. */
  synchronized long nowMillis() {
    long passedMillis = (clock.nanoTime() - newestNanos) / NANOS_PER_MILLI;
    return Math.max(clock.millis(), newestMillis + passedMillis);
  }

  /** A file of that time was stored. */
  synchronized void note(long createdMillis) {
    if (createdMillis > nowMillis()) {
      newestMillis = createdMillis;
      newestNanos = clock.nanoTime();
    }
  }

  /**
   * @param nanos of the monotonic clock
   * @return the same moment, if it is to come; else now
   */
  long millisOf(long nanos) {
    long leftNanos = nanos - clock.nanoTime();
    return nowMillis() + (leftNanos <= 0 ? 0 : leftNanos / NANOS_PER_MILLI + 1);
  }
}

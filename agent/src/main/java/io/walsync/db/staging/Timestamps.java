package io.walsync.db.staging;

import io.walsync.db.events.DbEvents;
import io.walsync.io.WallClock;

/**
 * Gives each LTX file its time: the clock's, but never earlier than that of the file before it.
 * After the clock was ahead, new files keep that time until the clock has passed it. If times ran
 * backwards, a restore to a moment could give a state that is younger than that moment.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Timestamps {

  /** Smallest difference that is reported: clocks are often set back by less. */
  private static final long UNNOTICED_MILLIS = 1_000;

  private final WallClock clock;
  private final DbEvents events;

  /** The time that is given out while the clock is behind it; 0 while it is not. */
  private long heldMillis;

  /**
   * @param events told when the times of new files stop being the clock's, and when they are again
   */
  public Timestamps(WallClock clock, DbEvents events) {
    this.clock = clock;
    this.events = events;
  }

  /** For a folder about whose clock nobody is told. */
  static Timestamps unobserved() {
    return new Timestamps(WallClock.REAL, DbEvents.NONE);
  }

  /**
   * The time of the next file.
   *
   * @param newestMillis time of the newest file; 0 if there is none
   */
  long next(long newestMillis) {
    long now = clock.millis();
    if (now >= newestMillis) {
      if (heldMillis != 0) {
        events.clockCaughtUp(heldMillis);
        heldMillis = 0;
      }
      return now;
    }
    if (heldMillis == 0 && newestMillis - now > UNNOTICED_MILLIS) {
      heldMillis = newestMillis;
      events.clockBehind(now, newestMillis);
    }
    return newestMillis;
  }
}

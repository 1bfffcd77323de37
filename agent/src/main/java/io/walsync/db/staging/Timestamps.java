package io.walsync.db.staging;

import io.walsync.db.events.DbEvents;
import io.walsync.io.WallClock;

/**
 * Gives each LTX file its time: what the clock says, but never less than the file before it has. A
 * clock that was ahead once leaves its mark until it has been passed; a time that ran backwards
 * would make a restore to a moment give states that are younger than that moment.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Timestamps {

  /** Clocks are set back by less than this while they are being disciplined; nobody notices. */
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

  /** Of a folder whose clock nobody asks about. */
  static Timestamps unobserved() {
    return new Timestamps(WallClock.REAL, DbEvents.NONE);
  }

  /**
   * The time of the next file.
   *
   * @param newestMillis that of the newest; 0 if there is none
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

package io.walsync.staging;

import io.walsync.io.WallClock;

/**
 * Gives each LTX file its time: what the clock says, but never less than the file before it has. A
 * clock that was ahead once leaves its mark until it has been passed; a time that ran backwards
 * would make a restore to a moment give states that are younger than that moment.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Timestamps {

  /** Told when the times of new files stop being the clock's, and when they are again. */
  public interface Listener {

    void clockBehind(long nowMillis, long newestMillis);

    void clockCaughtUp(long newestMillis);
  }

  /** Clocks are set back by less than this while they are being disciplined; nobody notices. */
  private static final long UNNOTICED_MILLIS = 1_000;

  private final WallClock clock;
  private final Listener listener;

  /** The time that is given out while the clock is behind it; 0 while it is not. */
  private long heldMillis;

  public Timestamps(WallClock clock, Listener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** Of a folder whose clock nobody asks about. */
  static Timestamps unobserved() {
    return new Timestamps(
        WallClock.REAL,
        new Listener() {
          @Override
          public void clockBehind(long nowMillis, long newestMillis) {}

          @Override
          public void clockCaughtUp(long newestMillis) {}
        });
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
        listener.clockCaughtUp(heldMillis);
        heldMillis = 0;
      }
      return now;
    }
    if (heldMillis == 0 && newestMillis - now > UNNOTICED_MILLIS) {
      heldMillis = newestMillis;
      listener.clockBehind(now, newestMillis);
    }
    return newestMillis;
  }
}

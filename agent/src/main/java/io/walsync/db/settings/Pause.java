package io.walsync.db.settings;

import io.walsync.io.Clock;

/**
 * A time in which nothing is uploaded, because somebody has asked for that: commits are captured
 * and staged meanwhile. It ends by itself. The end of the process does not respect it.
 *
 * <p>Threading: safe.
 */
public final class Pause {

  /** One that nobody begins. */
  static final Pause NEVER = new Pause(Clock.SYSTEM);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private volatile boolean isOn;
  private volatile long endNanos;
  private volatile long endMillis;

  public Pause(Clock clock) {
    this.clock = clock;
  }

  /** Begins, or sets another end. */
  public void begin(long nanos) {
    endNanos = clock.nanoTime() + nanos;
    endMillis = clock.millis() + nanos / NANOS_PER_MILLI;
    isOn = true;
  }

  /** Ends it; returns whether there was one. */
  public boolean end() {
    boolean wasOn = isOn;
    isOn = false;
    return wasOn;
  }

  /** Nanoseconds that are left of it; 0 for none. */
  public long leftNanos() {
    return isOn ? Math.max(0, endNanos - clock.nanoTime()) : 0;
  }

  /** Whether nothing may be uploaded. */
  public boolean isOn() {
    return leftNanos() > 0;
  }

  /** When it ends by itself, milliseconds since the epoch, by the clock of when it began. */
  public long endMillis() {
    return endMillis;
  }
}

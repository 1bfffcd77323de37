package io.walsync.bench.app;

import java.time.Instant;

/** The machine's wall clock, which all processes of a suite share. */
public final class WallClock {

  private static final long MICROS_PER_SECOND = 1_000_000;

  private WallClock() {}

  /** Microseconds since the Unix epoch. */
  public static long micros() {
    return micros(Instant.now());
  }

  public static long micros(Instant instant) {
    return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / 1_000;
  }
}

package io.walsync.io;

/** What time it is, for what people read. Durations are measured by {@link System#nanoTime}. */
public interface WallClock {

  WallClock REAL = System::currentTimeMillis;

  /** Milliseconds since the Unix epoch; may jump in either direction. */
  long millis();
}

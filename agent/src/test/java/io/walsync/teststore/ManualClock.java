package io.walsync.teststore;

import io.walsync.io.Clock;
import java.time.Duration;

/** Time that passes only when it is told to; it begins with the machine's. */
public final class ManualClock implements Clock {

  private volatile long nanos = System.nanoTime();
  private volatile long millis = System.currentTimeMillis();

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public void pause(long pauseNanos) {
    passNanos(pauseNanos);
  }

  public void pass(Duration time) {
    passNanos(time.toNanos());
  }

  public void passNanos(long time) {
    nanos += time;
    millis += Duration.ofNanos(time).toMillis();
  }
}

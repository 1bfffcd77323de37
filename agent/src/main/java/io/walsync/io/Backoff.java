package io.walsync.io;

import java.util.Random;

/** Exponential waiting with full jitter between a floor and a cap. Not thread-safe. */
public final class Backoff {

  private final long floorMillis;
  private final long capMillis;
  private final Random random;
  private int failureCount;

  /**
   * @param floorMillis the first wait, at least 1
   * @param capMillis the longest wait
   */
  public Backoff(long floorMillis, long capMillis, Random random) {
    this.floorMillis = floorMillis;
    this.capMillis = capMillis;
    this.random = random;
  }

  /**
   * The next wait: between half of and the whole of {@code floor * 2^failures}, at most the cap.
   */
  public long nextMillis() {
    long doubled = floorMillis << Math.min(failureCount, 30);
    long bound = doubled <= 0 ? capMillis : Math.min(capMillis, doubled);
    failureCount++;
    return bound / 2 + (long) (random.nextDouble() * (bound - bound / 2));
  }

  public int failureCount() {
    return failureCount;
  }

  public void reset() {
    failureCount = 0;
  }
}

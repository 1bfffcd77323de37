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
    return nextMillis(capMillis);
  }

  /**
   * As {@link #nextMillis()}, with a cap for this wait.
   *
   * @param longestMillis above the general cap it changes nothing
   */
  public long nextMillis(long longestMillis) {
    long cap = Math.min(capMillis, longestMillis);
    long doubled = floorMillis << Math.min(failureCount, 30);
    long bound = doubled <= 0 ? cap : Math.min(cap, doubled);
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

package io.walsync.db.capture;

/** How fast the WAL has been growing lately, and when commits were last seen. */
public final class GrowthRate {

  /** Weight of the newest sample: the rate follows a change within a few ticks. */
  private static final double NEWEST_WEIGHT = 0.4;

  private static final double NANOS_PER_SECOND = 1e9;

  /** Shortest time between two samples: with less, the timer's jitter would dominate. */
  private static final long MIN_SAMPLE_NANOS = 20_000_000;

  private long lastRunBytes;
  private long lastSampleNanos;
  private long lastCommitNanos;
  private double bytesPerSecond;

  public GrowthRate(long nowNanos) {
    reset(nowNanos);
  }

  public void reset(long nowNanos) {
    lastSampleNanos = nowNanos;
    lastCommitNanos = nowNanos - Long.MAX_VALUE / 2;
    lastRunBytes = -1;
    bytesPerSecond = 0;
  }

  public void committed(long nowNanos) {
    lastCommitNanos = nowNanos;
  }

  public long lastCommitNanos() {
    return lastCommitNanos;
  }

  /**
   * @param runBytes bytes in the WAL since it last restarted; a smaller value than the last one
   *     means a restart in between
   */
  public void sample(long runBytes, long nowNanos) {
    long elapsed = nowNanos - lastSampleNanos;
    if (elapsed < MIN_SAMPLE_NANOS) {
      return;
    }
    if (lastRunBytes >= 0) {
      long grown = runBytes >= lastRunBytes ? runBytes - lastRunBytes : runBytes;
      double sample = grown * NANOS_PER_SECOND / elapsed;
      bytesPerSecond += NEWEST_WEIGHT * (sample - bytesPerSecond);
    }
    lastRunBytes = runBytes;
    lastSampleNanos = nowNanos;
  }

  public double bytesPerSecond() {
    return bytesPerSecond;
  }
}

package io.walsync.bench.app;

/**
 * Counts of durations in buckets, each less than 1 % wide; recording allocates nothing and never
 * overflows. The maximum is kept exactly.
 *
 * <p>Threading: one thread at a time.
 */
public final class LatencyHistogram {

  /** Values below 2^8 have a bucket each; above, each power of two has 2^7 buckets. */
  private static final int PRECISION_BITS = 7;

  private static final int LINEAR_LIMIT = 1 << (PRECISION_BITS + 1);
  private static final int BUCKET_COUNT = (64 - PRECISION_BITS) << PRECISION_BITS;

  private final long[] counts = new long[BUCKET_COUNT];
  private long count;
  private long max;

  /** Records one duration; below 0 counts as 0. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    counts[bucket(value)]++;
    count++;
    max = Math.max(max, value);
  }

  public void add(LatencyHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    max = Math.max(max, other.max);
  }

  public long count() {
    return count;
  }

  public long max() {
    return max;
  }

  /**
   * The smallest bucket's upper end that at least this share of the values does not exceed; 0
   * without values.
   *
   * @param share above 0, at most 1
   */
  public long percentile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(max, upperEnd(i));
      }
    }
    return max;
  }

  private static int bucket(long value) {
    if (value < LINEAR_LIMIT) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - PRECISION_BITS;
    return (shift << PRECISION_BITS) + (int) (value >>> shift);
  }

  private static long upperEnd(int bucket) {
    if (bucket < LINEAR_LIMIT) {
      return bucket;
    }
    int shift = (bucket >>> PRECISION_BITS) - 1;
    long mantissa = bucket - ((long) shift << PRECISION_BITS);
    return ((mantissa + 1) << shift) - 1;
  }
}

package io.walsync.bench.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

  private static final long SEED = 20_261_123;

  @Test
  void percentilesAreWithinOnePercentOfTheSortedValues() {
    Random random = new Random(SEED);
    LatencyHistogram[] halves = {new LatencyHistogram(), new LatencyHistogram()};
    long[] values = new long[10_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.pow(10, random.nextDouble() * 10);
      halves[i % 2].record(values[i]);
    }
    Arrays.sort(values);

    halves[0].add(halves[1]);

    assertThat(halves[0].count()).isEqualTo(values.length);
    assertThat(halves[0].max()).isEqualTo(values[values.length - 1]);
    for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 0.999, 1}) {
      long exact = values[(int) Math.ceil(share * values.length) - 1];
      long found = halves[0].percentile(share);
      assertThat(found).as("seed %d, share %s", SEED, share).isGreaterThanOrEqualTo(exact);
      assertThat((double) found).isCloseTo(exact, within(exact * 0.01));
    }
  }

  @Test
  void theLargestDurationHasABucket() {
    LatencyHistogram histogram = new LatencyHistogram();

    histogram.record(Long.MAX_VALUE);
    histogram.record(-1);

    assertThat(histogram.percentile(0.5)).isZero();
    assertThat(histogram.percentile(1)).isEqualTo(Long.MAX_VALUE);
  }
}

package io.walsync.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where values lie between the two ends of an axis, and which of them are marked.
 *
 * @param isLogarithmic then both ends are powers of ten
 */
record Axis(double low, double high, boolean isLogarithmic) {

  private static final int TICK_COUNT = 5;

  /** From 0 to a round number not below any value; 1 if there is none above 0. */
  static Axis linear(List<Double> values) {
    double max = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    double step = step(max <= 0 ? 1 : max);
    return new Axis(0, step * Math.ceil((max <= 0 ? 1 : max) / step - 1e-9), false);
  }

  /**
   * Between powers of ten, the lower one at most half of any value, so that a bar can be seen;
   * values that are not above 0 do not count.
   */
  static Axis logarithmic(List<Double> values) {
    double[] positive =
        values.stream().mapToDouble(Double::doubleValue).filter(v -> v > 0).toArray();
    double min = Arrays.stream(positive).min().orElse(1);
    double max = Arrays.stream(positive).max().orElse(10);
    double low = Math.pow(10, Math.floor(Math.log10(min / 2) + 1e-9));
    double high = Math.pow(10, Math.ceil(Math.log10(max) - 1e-9));
    return new Axis(low, high > low ? high : low * 10, true);
  }

  /** 1, 2 or 5 times a power of ten, so that about five of it make the value. */
  private static double step(double max) {
    double rough = max / TICK_COUNT;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double ratio = rough / power;
    return power * (ratio > 5 ? 10 : ratio > 2 ? 5 : ratio > 1 ? 2 : 1);
  }

  /** 0 at the low end, 1 at the high one; what lies outside is at its end. */
  double share(double value) {
    double share =
        isLogarithmic
            ? (Math.log10(Math.max(value, low)) - Math.log10(low))
                / (Math.log10(high) - Math.log10(low))
            : (value - low) / (high - low);
    return Math.max(0, Math.min(1, share));
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (isLogarithmic) {
      for (double tick = low; tick <= high * 1.001; tick *= 10) {
        ticks.add(tick);
      }
    } else {
      double step = step(high);
      for (int i = 0; low + i * step <= high * 1.001; i++) {
        ticks.add(low + i * step);
      }
    }
    return ticks;
  }
}

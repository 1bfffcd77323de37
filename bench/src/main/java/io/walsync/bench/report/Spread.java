package io.walsync.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Repeated measurements of one thing.
 *
 * @param values in the order measured, at least one
 */
public record Spread(List<Double> values) {

  public Spread {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    values = List.copyOf(values);
  }

  public double min() {
    return sorted()[0];
  }

  public double max() {
    return sorted()[values.size() - 1];
  }

  /** The mean of the middle two for an even count. */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The smallest value that at least this share of the values does not exceed.
   *
   * @param share above 0, at most 1
   */
  public double percentile(double share) {
    double[] sorted = sorted();
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** {@code median (min-max)}, or the value alone. */
  @Override
  public String toString() {
    if (values.size() == 1) {
      return number(values.get(0));
    }
    return number(median()) + " (" + number(min()) + ".." + number(max()) + ")";
  }

  /** With three or four significant digits; a whole number with all of its own. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}

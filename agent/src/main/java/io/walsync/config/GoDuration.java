package io.walsync.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go and Litestream write them: {@code 500ms}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDuration {

  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)");

  /** Longest text that is read; more than any duration needs. */
  private static final int MAX_TEXT_LENGTH = 64;

  private GoDuration() {}

  /**
   * @throws IllegalArgumentException if {@code text} is anything but {@code 0} or a sum of numbers
   *     with units, or exceeds 292 years
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (text.length() <= MAX_TEXT_LENGTH && matcher.find() && matcher.start() == at) {
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(nanosOf(matcher.group(2))));
      at = matcher.end();
    }
    if (text.isEmpty() || at != text.length()) {
      throw new IllegalArgumentException(
          "is not a duration; write numbers with units, such as 10s, 500ms or 1m30s");
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("is longer than a duration can be (292 years)");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /** The shortest text that {@link #parse} reads back. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    long nanos = duration.toNanos();
    StringBuilder text = new StringBuilder();
    String[] units = {"h", "m", "s", "ms", "us", "ns"};
    for (String unit : units) {
      long unitNanos = nanosOf(unit).longValue();
      if (nanos >= unitNanos) {
        text.append(nanos / unitNanos).append(unit);
        nanos %= unitNanos;
      }
    }
    return text.toString();
  }

  private static BigDecimal nanosOf(String unit) {
    switch (unit) {
      case "h":
        return BigDecimal.valueOf(3_600_000_000_000L);
      case "m":
        return BigDecimal.valueOf(60_000_000_000L);
      case "s":
        return BigDecimal.valueOf(1_000_000_000L);
      case "ms":
        return BigDecimal.valueOf(1_000_000L);
      case "ns":
        return BigDecimal.ONE;
      default:
        return BigDecimal.valueOf(1_000L);
    }
  }
}

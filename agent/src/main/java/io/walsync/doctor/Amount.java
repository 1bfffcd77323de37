package io.walsync.doctor;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people. */
final class Amount {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final long SECOND_MILLIS = 1000;
  private static final long SECONDS_PER_HOUR = 3600;
  private static final long SECONDS_PER_DAY = 86_400;

  private Amount() {}

  static String bytes(long bytes) {
    double value = (double) bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 || value >= 100
        ? Math.round(value) + " " + UNITS[unit]
        : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < SECOND_MILLIS) {
      return millis + " ms";
    }
    long seconds = duration.getSeconds();
    if (seconds < 600) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0).replace(".0 s", " s");
    }
    if (seconds < 2 * SECONDS_PER_HOUR) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * SECONDS_PER_DAY
        ? seconds / SECONDS_PER_HOUR + " h"
        : seconds / SECONDS_PER_DAY + " days";
  }

  static String dollars(double dollars) {
    return String.format(Locale.ROOT, "$%.2f", dollars);
  }
}

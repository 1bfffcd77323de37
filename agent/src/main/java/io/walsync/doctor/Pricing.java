package io.walsync.doctor;

import java.time.Duration;

/**
 * List prices of S3 Standard in us-east-1 as of 2025-06, in dollars: a table to reckon with, not an
 * invoice. docs/OPERATIONS.md has the same numbers.
 */
final class Pricing {

  static final String WHERE = "S3 Standard, us-east-1, 2025-06";

  /** PUT and LIST. */
  static final double PER_WRITE = 0.005 / 1000;

  static final double PER_READ = 0.0004 / 1000;

  /** A month; the first 50 TB. */
  static final double PER_GIGABYTE = 0.023;

  static final double DAYS_PER_MONTH = 30;

  private static final double SECONDS_PER_DAY = 86_400;

  private Pricing() {}

  static double snapshotsPerMonth(Duration interval) {
    return perDay(interval) * DAYS_PER_MONTH;
  }

  /** How often something happens a day that happens once in an interval, of at least 1 ms. */
  static double perDay(Duration interval) {
    return SECONDS_PER_DAY * 1000 / Math.max(1, interval.toMillis());
  }
}

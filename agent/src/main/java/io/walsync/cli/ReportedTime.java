package io.walsync.cli;

import java.time.Instant;

/** A time as every report writes it: UTC and ISO 8601, and as restore -timestamp takes it. */
final class ReportedTime {

  private ReportedTime() {}

  /**
   * @param millis since the epoch
   */
  static String text(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}

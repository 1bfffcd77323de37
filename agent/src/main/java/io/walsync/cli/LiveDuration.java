package io.walsync.cli;

import io.walsync.config.GoDuration;
import java.time.Duration;

/** How long a command on a running JVM may wait, or have it wait: 1 s to 24 h. */
final class LiveDuration {

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(24);

  private LiveDuration() {}

  /**
   * @param option that it was given for
   * @throws UsageException if it is no duration, or out of range
   */
  static Duration of(String option, String text) throws UsageException {
    Duration duration;
    try {
      duration = GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + text + " is no duration such as 30s, 10m or 1h30m");
    }
    if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
      throw new UsageException(option + ": " + text + " is not between 1s and 24h");
    }
    return duration;
  }
}

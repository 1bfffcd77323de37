package io.walsync.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long a commit waits until it is in the store. */
public final class LatencyCheck {

  private static final double NANOS_PER_MILLI = 1e6;

  private LatencyCheck() {}

  /** None if no write was timed. */
  public static List<Finding> of(StoreFacts facts, Duration syncInterval) {
    List<Finding> findings = new ArrayList<>();
    if (facts.medianWriteNanos == StoreFacts.UNKNOWN) {
      return findings;
    }
    double write = facts.medianWriteNanos / NANOS_PER_MILLI;
    String found =
        String.format(
            Locale.ROOT,
            "half of the small writes took up to %.0f ms: a commit is stored after about %.0f ms,"
                + " and %.0f ms at the longest, while uploads keep up",
            write,
            write + syncInterval.toMillis() / 2.0,
            write + syncInterval.toMillis());
    findings.add(
        write > syncInterval.toMillis()
            ? Finding.warning(
                "latency",
                facts.url,
                found,
                "A write takes longer than sync-interval: a nearer region is what helps")
            : Finding.ok(
                "latency", facts.url, found, "sync-interval decides, at the price of requests"));
    return findings;
  }
}

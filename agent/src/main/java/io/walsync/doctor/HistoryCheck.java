package io.walsync.doctor;

import io.walsync.config.DbConfig;
import io.walsync.history.retention.Policy;
import java.time.Duration;
import java.util.List;

/** What is kept of a database, and what storage that comes to. */
public final class HistoryCheck {

  private HistoryCheck() {}

  /**
   * @param isRetentionEnabled whether the agent may delete
   * @param databaseBytes 0 if not known
   */
  public static Finding of(
      DbConfig db, String subject, boolean isRetentionEnabled, long databaseBytes) {
    Policy promise = db.retention();
    return of(
        subject,
        db.levels(),
        db.snapshotInterval(),
        promise == null ? "" : promise.toString(),
        isRetentionEnabled,
        databaseBytes);
  }

  /**
   * @param promise what stays; empty if nothing is said of it
   * @param isRetentionEnabled whether the rest is deleted
   */
  static Finding of(
      String subject,
      List<Duration> levels,
      Duration snapshotInterval,
      String promise,
      boolean isRetentionEnabled,
      long databaseBytes) {
    if (levels.isEmpty()) {
      return Finding.warning(
          "history",
          subject,
          "levels is an empty list: nothing is merged, and no snapshots are made on schedule",
          "A restore reads every file since the last snapshot: remove levels: []");
    }
    boolean isDeleting = isRetentionEnabled && !promise.isEmpty();
    String kept = isDeleting ? "the agent keeps " + promise : "nothing is deleted";
    String grows =
        databaseBytes == 0
            ? ""
            : (isDeleting ? "; snapshots alone would be " : "; snapshots alone add up to ")
                + Amount.bytes(
                    Math.round(databaseBytes * Pricing.snapshotsPerMonth(snapshotInterval)))
                + " a month, and what is uploaded is stored once more on each of "
                + levels.size()
                + " levels";
    String found = "a snapshot each " + Amount.duration(snapshotInterval) + "; " + kept + grows;
    if (isDeleting) {
      return Finding.ok("history", subject, found);
    }
    return Finding.ok(
        "history",
        subject,
        found,
        promise.isEmpty()
            ? "The replica grows: say what is to stay in retention.keep, or run prune"
            : "The replica grows: retention.enabled is false");
  }
}

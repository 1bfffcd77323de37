package io.walsync.doctor;

import io.walsync.config.DbConfig;
import io.walsync.history.retention.Policy;
import java.time.Duration;
import java.util.List;

/** What is kept of a database, and what storage that comes to. */
public final class HistoryCheck {

  private HistoryCheck() {}

  /**
   * @param retention what {@code prune} goes by
   * @param isRetentionEnabled whether it may delete
   * @param databaseBytes 0 if not known
   */
  public static Finding of(
      DbConfig db,
      String subject,
      Policy retention,
      boolean isRetentionEnabled,
      long databaseBytes) {
    return of(
        subject,
        db.levels(),
        db.snapshotInterval(),
        isRetentionEnabled ? retention.toString() : "",
        databaseBytes);
  }

  /**
   * @param promise empty if nothing may be deleted
   */
  static Finding of(
      String subject,
      List<Duration> levels,
      Duration snapshotInterval,
      String promise,
      long databaseBytes) {
    if (levels.isEmpty()) {
      return Finding.warning(
          "history",
          subject,
          "levels is an empty list: nothing is merged, and no snapshots are made on schedule",
          "A restore reads every file since the last snapshot: remove levels: []");
    }
    String kept =
        promise.isEmpty()
            ? "prune deletes nothing (retention.enabled: false)"
            : "prune keeps " + promise;
    String grows =
        databaseBytes == 0
            ? ""
            : "; snapshots alone add up to "
                + Amount.bytes(
                    Math.round(databaseBytes * Pricing.snapshotsPerMonth(snapshotInterval)))
                + " a month, and what is uploaded is stored once more on each of "
                + levels.size()
                + " levels";
    return Finding.ok(
        "history",
        subject,
        "a snapshot each " + Amount.duration(snapshotInterval) + "; " + kept + grows,
        "The agent deletes nothing: the replica grows until prune is run");
  }
}

package io.walsync.doctor;

import io.walsync.config.DbConfig;
import io.walsync.config.ReplicaType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the requests and the storage of a database cost that is written all the time. */
public final class CostCheck {

  /** Bytes that a snapshot reads and writes with one request. */
  private static final double READ_BYTES = 4L << 20;

  private static final double WRITE_BYTES = 5L << 20;
  private static final double GIGABYTE = 1e9;

  private CostCheck() {}

  /**
   * None for a directory.
   *
   * @param databaseBytes 0 if not known
   */
  public static List<Finding> of(DbConfig db, String subject, long databaseBytes) {
    List<Finding> findings = new ArrayList<>();
    if (db.replica().type() == ReplicaType.S3) {
      findings.add(
          of(subject, db.syncInterval(), db.levels(), db.snapshotInterval(), databaseBytes));
    }
    return findings;
  }

  static Finding of(
      String subject,
      Duration syncInterval,
      List<Duration> levels,
      Duration snapshotInterval,
      long databaseBytes) {
    double writes = Pricing.perDay(syncInterval);
    double reads = 0;
    for (int i = 0; i < levels.size(); i++) {
      double merges = Pricing.perDay(levels.get(i));
      writes += merges;
      reads += i < levels.size() - 1 ? merges : 0;
    }
    double storage = 0;
    if (!levels.isEmpty()) {
      double snapshots = Pricing.perDay(snapshotInterval);
      reads += snapshots * Math.ceil(databaseBytes / READ_BYTES);
      writes += snapshots * Math.ceil(databaseBytes / WRITE_BYTES);
      storage = databaseBytes * Pricing.snapshotsPerMonth(snapshotInterval) / GIGABYTE;
    }
    double requests =
        Pricing.DAYS_PER_MONTH * (writes * Pricing.PER_WRITE + reads * Pricing.PER_READ);
    return Finding.ok(
        "cost",
        subject,
        String.format(
            Locale.ROOT,
            "written all the time up to %.0f writes and %.0f reads a day, %s a month; a month of"
                + " snapshots is stored for up to %s (%s)",
            writes,
            reads,
            Amount.dollars(requests),
            Amount.dollars(storage * Pricing.PER_GIGABYTE),
            Pricing.WHERE),
        "No requests are made while nothing is committed; a longer sync-interval makes fewer");
  }
}

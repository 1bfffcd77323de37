package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import io.walsync.io.Release;
import io.walsync.replica.RequestCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of all databases at one moment. Of more than {@link #MOST_DATABASES} only sums and the
 * worst are told, under the same names without the label {@code db}: a series for each of thousands
 * of databases would cost the one who stores them more than it tells.
 */
final class MetricsPage {

  static final int MOST_DATABASES = 200;

  private static final String GAUGE = "gauge";
  private static final String COUNTER = "counter";
  private static final String DB = "db";

  /** What many databases become one value by. */
  private enum Sum {
    ALL,
    MOST,
    LEAST
  }

  private enum Unit {
    NUMBER,

    /** Negative is not known: left out. */
    SIZE,

    /** Given in milliseconds, told in seconds. */
    SPAN,

    /** Likewise, and 0 is not known: left out. */
    TIME
  }

  private interface Value {
    long of(DbStatus database);
  }

  private final List<DbStatus> databases;
  private final boolean isSummed;
  private final Exposition page = new Exposition();

  private MetricsPage(List<DbStatus> databases) {
    this.databases = databases;
    this.isSummed = databases.size() > MOST_DATABASES;
  }

  /**
   * @param isLitestreamToo whether under Litestream's names too, where they mean the same
   */
  static String of(List<DbStatus> databases, boolean isLitestreamToo) {
    MetricsPage page = new MetricsPage(databases);
    page.about();
    page.states();
    page.places();
    page.replica();
    page.work();
    page.requests();
    if (isLitestreamToo && !page.isSummed) {
      LitestreamNames.add(page.page, databases);
    }
    return page.page.toString();
  }

  private void about() {
    page.family("walsync_info", GAUGE, "Which agent this is, always 1.");
    page.sample(1, "version", Release.version(), "java", Release.java());
  }

  private void states() {
    Map<Health, Integer> counts = new EnumMap<>(Health.class);
    for (DbStatus database : databases) {
      counts.merge(database.health(), 1, Integer::sum);
    }
    page.family("walsync_databases", GAUGE, "Databases that the application has opened, by state.");
    for (Health health : Health.values()) {
      Integer count = counts.get(health);
      page.sample(count == null ? 0 : count, "state", health.word());
    }
    flag("walsync_fine", "Whether it is replicated, or nobody has it open.", Sum.LEAST, null);
    flag("walsync_store_down", "Whether the store does not take it.", Sum.MOST, Health.STORE_DOWN);
    flag("walsync_suspended", "Whether it cannot be captured.", Sum.MOST, Health.SUSPENDED);
    flag("walsync_paused", "Whether a command has paused uploads.", Sum.MOST, Health.PAUSED);
    flag("walsync_fenced", "Whether somebody else writes the replica.", Sum.MOST, Health.FENCED);
    flag("walsync_refused", "Whether somebody has to act.", Sum.MOST, Health.REFUSED);
  }

  /**
   * @param health null for whether it is fine
   */
  private void flag(String name, String help, Sum sum, @Nullable Health health) {
    page.family(name, GAUGE, help);
    values(
        sum,
        Unit.NUMBER,
        database -> (health == null ? database.isFine() : database.health() == health) ? 1 : 0);
  }

  private void places() {
    page.family(
        "walsync_lag_seconds",
        GAUGE,
        "For how long the oldest commit not in the store has waited.");
    values(Sum.MOST, Unit.SPAN, DbStatus::lagMillis);
    page.family("walsync_staged_bytes", GAUGE, "Bytes that wait for the store.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::stagedBytes);
    page.family(
        "walsync_staging_limit_bytes",
        GAUGE,
        "How many of these there may be, see staging-max-bytes.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::stagingLimitBytes);
    page.family("walsync_wal_bytes", GAUGE, "Size of the WAL file.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::walBytes);
    if (!isSummed) {
      page.family("walsync_durable_txid", GAUGE, "The newest TXID in the store.");
      values(Sum.ALL, Unit.NUMBER, DbStatus::uploadedTxid);
    }
    page.family(
        "walsync_durable_timestamp_seconds",
        GAUGE,
        "When the newest commit in the store was made.");
    values(Sum.LEAST, Unit.TIME, DbStatus::uploadedMillis);
    page.family(
        "walsync_restorable_from_timestamp_seconds",
        GAUGE,
        "Of when the oldest state is that can be restored.");
    values(Sum.MOST, Unit.TIME, DbStatus::oldestMillis);
    page.family(
        "walsync_merged_timestamp_seconds",
        GAUGE,
        "When files of the replica were last merged, if they were.");
    values(Sum.LEAST, Unit.TIME, database -> database.past().mergedMillis());
    page.family(
        "walsync_snapshot_timestamp_seconds",
        GAUGE,
        "When a snapshot was last stored, if one was.");
    values(Sum.LEAST, Unit.TIME, database -> database.past().snapshotMillis());
  }

  private void replica() {
    page.family("walsync_replica_files", GAUGE, "LTX files in the replica, about.");
    values(Sum.ALL, Unit.SIZE, database -> database.replica().fileCount());
    page.family("walsync_replica_bytes", GAUGE, "Bytes of these files.");
    values(Sum.ALL, Unit.SIZE, database -> database.replica().byteCount());
    page.family(
        "walsync_checked_timestamp_seconds",
        GAUGE,
        "When the replica last had all files that the newest state needs.");
    values(Sum.LEAST, Unit.TIME, database -> database.replica().checkedMillis());
    page.family("walsync_merges_total", COUNTER, "Files that were made of others.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().mergeCount());
    page.family("walsync_merged_bytes_total", COUNTER, "Bytes of these files.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().mergedBytes());
    page.family("walsync_merge_failures_total", COUNTER, "Tries to merge that failed.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().failureCount());
    page.family("walsync_snapshots_total", COUNTER, "Snapshots that were stored.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().snapshotCount());
    page.family(
        "walsync_retention_timestamp_seconds",
        GAUGE,
        "When it was last looked for what may be deleted, if it was.");
    values(Sum.LEAST, Unit.TIME, database -> database.past().passMillis());
    page.family("walsync_deleted_files_total", COUNTER, "Files that retention has deleted.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().deletedCount());
    page.family("walsync_deleted_bytes_total", COUNTER, "Bytes of these files.");
    values(Sum.ALL, Unit.NUMBER, database -> database.past().deletedBytes());
  }

  private void work() {
    page.family("walsync_uploads_total", COUNTER, "Files that the store has taken.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::uploadCount);
    page.family("walsync_uploaded_bytes_total", COUNTER, "Bytes of these files.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::uploadedBytes);
    page.family("walsync_failures_total", COUNTER, "Tries of the store that failed.");
    values(Sum.ALL, Unit.NUMBER, DbStatus::failureCount);
    page.family(
        "walsync_last_failure_timestamp_seconds", GAUGE, "When the store last failed, if it has.");
    values(Sum.MOST, Unit.TIME, DbStatus::lastFailureMillis);
  }

  private void requests() {
    page.family(
        "walsync_store_requests_total", COUNTER, "What the store was asked, and how that ended.");
    requests(false);
    page.family("walsync_store_bytes_total", COUNTER, "Bytes of files that went there, or came.");
    requests(true);
  }

  private void requests(boolean areBytes) {
    if (isSummed) {
      sum(databases, null, areBytes);
    } else {
      for (DbStatus database : databases) {
        sum(Collections.singletonList(database), database.path().getPath(), areBytes);
      }
    }
  }

  private void sum(List<DbStatus> among, @Nullable String db, boolean areBytes) {
    Map<String, List<RequestCounts.Count>> counts = new TreeMap<>();
    for (DbStatus database : among) {
      for (RequestCounts.Count each : database.requests()) {
        String key = each.operation() + ' ' + each.code();
        List<RequestCounts.Count> same = counts.get(key);
        if (same == null) {
          same = new ArrayList<>();
          counts.put(key, same);
        }
        same.add(each);
      }
    }
    for (List<RequestCounts.Count> same : counts.values()) {
      long total = 0;
      for (RequestCounts.Count each : same) {
        total += areBytes ? each.bytes() : each.count();
      }
      RequestCounts.Count first = same.get(0);
      if (!areBytes) {
        page.sample(total, DB, db, "operation", first.operation(), "code", first.code());
      } else if (total > 0) {
        page.sample(total, DB, db, "operation", first.operation());
      }
    }
  }

  private void values(Sum sum, Unit unit, Value value) {
    if (!isSummed) {
      for (DbStatus database : databases) {
        put(unit, value.of(database), database.path().getPath());
      }
      return;
    }
    long result = sum == Sum.LEAST ? Long.MAX_VALUE : 0;
    for (DbStatus database : databases) {
      long each = value.of(database);
      if (sum == Sum.ALL) {
        result += unit == Unit.SIZE ? Math.max(0, each) : each;
      } else if (sum == Sum.MOST) {
        result = Math.max(result, each);
      } else if (each != 0 || unit != Unit.TIME) {
        result = Math.min(result, each);
      }
    }
    put(unit, result == Long.MAX_VALUE ? 0 : result, null);
  }

  private void put(Unit unit, long value, @Nullable String db) {
    if (unit == Unit.NUMBER || unit == Unit.SIZE && value >= 0) {
      page.sample(value, DB, db);
    } else if (unit == Unit.SPAN || unit == Unit.TIME && value != 0) {
      page.seconds(value, DB, db);
    }
  }
}

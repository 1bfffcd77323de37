package io.walsync.status;

import io.walsync.db.events.DbStatus;
import io.walsync.io.Json;
import io.walsync.io.LogTimes;
import io.walsync.ltx.Txid;
import io.walsync.replica.RequestCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the command {@code status}, as it goes to the other process: one line, in which
 * {@link #LINE_END} stands for the end of a line and a tab between the cells of a row. It begins
 * with {@link #FINE} or {@link #TROUBLE} and a colon.
 */
public final class StatusAnswer {

  /** Every database is replicated. */
  public static final String FINE = "fine";

  /** One at least is not, or not yet. */
  public static final String TROUBLE = "trouble";

  /** Text with a line feed cannot be passed on. */
  public static final char LINE_END = '\u001e';

  private static final long MILLIS_PER_SECOND = 1_000;

  private StatusAnswer() {}

  /**
   * @param isJson whether for programs
   */
  public static String of(List<DbStatus> databases, boolean isJson) {
    boolean isFine = true;
    for (DbStatus database : databases) {
      isFine &= database.isFine();
    }
    String text = isJson ? json(databases, isFine) : rows(databases);
    return (isFine ? FINE : TROUBLE) + ":" + text;
  }

  /**
   * A row for each database: path, state, seconds of lag, bytes staged, TXID in the store, its
   * time, and why it is not fine.
   */
  private static String rows(List<DbStatus> databases) {
    StringBuilder rows = new StringBuilder();
    for (DbStatus database : databases) {
      cell(rows, database.path().getPath()).append('\t');
      cell(rows, database.health().word()).append('\t');
      rows.append(seconds(database.lagMillis())).append('\t');
      rows.append(database.stagedBytes()).append('\t');
      rows.append(txid(database)).append('\t');
      rows.append(time(database.uploadedMillis())).append('\t');
      cell(rows, database.reason()).append(LINE_END);
    }
    return rows.toString();
  }

  private static StringBuilder cell(StringBuilder rows, String text) {
    for (int i = 0; i < text.length(); i++) {
      rows.append(Character.isISOControl(text.charAt(i)) ? ' ' : text.charAt(i));
    }
    return rows;
  }

  private static String json(List<DbStatus> databases, boolean isFine) {
    Json json = new Json().beginObject().member("fine", isFine).name("databases").beginArray();
    for (DbStatus database : databases) {
      json.element().beginObject();
      json.member("path", database.path().getPath())
          .member("replica", database.replicaUrl())
          .member("state", database.health().word())
          .member("fine", database.isFine())
          .member("reason", database.reason().isEmpty() ? null : database.reason())
          .member("lag_seconds", seconds(database.lagMillis()))
          .member("staged_bytes", database.stagedBytes())
          .member("wal_bytes", database.walBytes())
          .member("durable_txid", txid(database))
          .member("durable_time", orNull(database.uploadedMillis()))
          .member("restorable_from", orNull(database.oldestMillis()))
          .member("merged_time", orNull(database.mergedMillis()))
          .member("snapshot_time", orNull(database.snapshotMillis()))
          .member("uploads", database.uploadCount())
          .member("uploaded_bytes", database.uploadedBytes())
          .member("failures", database.failureCount())
          .member("store_down_since", orNull(database.downSinceMillis()))
          .member("suspended_since", orNull(database.suspendedMillis()))
          .member("last_failure", database.lastFailure())
          .member("last_failure_time", orNull(database.lastFailureMillis()))
          .name("requests")
          .beginArray();
      for (RequestCounts.Count each : database.requests()) {
        json.element()
            .beginObject()
            .member("operation", each.operation())
            .member("code", each.code())
            .member("count", each.count())
            .endObject();
      }
      json.endArray().endObject();
    }
    return json.endArray().endObject().toString().replace('\n', LINE_END);
  }

  /** Rounded up: 0 is said only if nothing waits. */
  private static long seconds(long millis) {
    return (millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
  }

  private static String txid(DbStatus database) {
    return database.uploadedTxid() == 0 ? "-" : Txid.of(database.uploadedTxid()).toString();
  }

  private static String time(long millis) {
    return millis == 0 ? "-" : LogTimes.text(millis);
  }

  private static @Nullable String orNull(long millis) {
    return millis == 0 ? null : LogTimes.text(millis);
  }
}

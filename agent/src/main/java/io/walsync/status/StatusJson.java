package io.walsync.status;

import io.walsync.db.events.DbStatus;
import io.walsync.io.Json;
import io.walsync.io.LogTimes;
import io.walsync.replica.RequestCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status as programs read it. What is not known is null. */
final class StatusJson {

  private final Json json = new Json();

  private StatusJson() {}

  static String of(
      @Nullable AgentFacts agent, List<DbStatus> databases, boolean isFine, int count) {
    StatusJson status = new StatusJson();
    status.json.beginObject().member("fine", isFine).member("count", count);
    if (agent != null) {
      status.add(agent);
    }
    status.json.name("databases").beginArray();
    for (DbStatus database : databases) {
      status.json.element().beginObject();
      status.state(database);
      status.place(database);
      status.work(database);
      status.json.endObject();
    }
    return status.json.endArray().endObject().toString();
  }

  private void add(AgentFacts agent) {
    json.member("version", agent.version())
        .member("java", agent.java())
        .member("sqlite_jdbc", agent.driver())
        .member("sqlite", agent.sqlite())
        .member("since", LogTimes.text(agent.sinceMillis()))
        .member("config", agent.config())
        .name("unopened")
        .beginArray();
    for (String entry : agent.unopened()) {
      json.element(entry);
    }
    json.endArray();
  }

  private void state(DbStatus database) {
    json.member("path", database.path().getPath())
        .member("time", LogTimes.text(database.nowMillis()))
        .member("replica", database.replicaUrl())
        .member("state", database.health().word())
        .member("fine", database.isFine())
        .member("reason", database.reason().isEmpty() ? null : database.reason())
        .member("lag_seconds", StatusAnswer.seconds(database.lagMillis()))
        .member("store_down_since", time(database.downSinceMillis()))
        .member("suspended_since", time(database.suspendedMillis()));
  }

  private void place(DbStatus database) {
    json.member("staged_bytes", database.stagedBytes())
        .member("staging_limit_bytes", database.stagingLimitBytes())
        .member("wal_bytes", database.walBytes())
        .member("durable_txid", StatusAnswer.txid(database))
        .member("durable_time", time(database.uploadedMillis()))
        .member("restorable_from", time(database.oldestMillis()))
        .member("checked_time", time(database.replica().checkedMillis()));
    count("replica_files", database.replica().fileCount());
    count("replica_bytes", database.replica().byteCount());
  }

  private void work(DbStatus database) {
    json.member("uploads", database.uploadCount())
        .member("uploaded_bytes", database.uploadedBytes())
        .member("failures", database.failureCount())
        .member("last_failure", database.lastFailure())
        .member("last_failure_time", time(database.lastFailureMillis()))
        .member("merges", database.past().mergeCount())
        .member("merged_bytes", database.past().mergedBytes())
        .member("merge_failures", database.past().failureCount())
        .member("merged_time", time(database.past().mergedMillis()))
        .member("snapshots", database.past().snapshotCount())
        .member("snapshot_time", time(database.past().snapshotMillis()))
        .member("retention_time", time(database.past().passMillis()))
        .member("deleted_files", database.past().deletedCount())
        .member("deleted_bytes", database.past().deletedBytes())
        .name("requests")
        .beginArray();
    for (RequestCounts.Count each : database.requests()) {
      json.element()
          .beginObject()
          .member("operation", each.operation())
          .member("code", each.code())
          .member("count", each.count())
          .member("bytes", each.bytes())
          .endObject();
    }
    json.endArray();
  }

  private void count(String name, long count) {
    if (count < 0) {
      json.member(name, null);
    } else {
      json.member(name, count);
    }
  }

  private static @Nullable String time(long millis) {
    return millis == 0 ? null : LogTimes.text(millis);
  }
}

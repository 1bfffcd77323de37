package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import io.walsync.replica.RequestCounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The values that Litestream has too, under its names: for dashboards that were made for it. */
final class LitestreamNames {

  private static final String GAUGE = "gauge";
  private static final String COUNTER = "counter";
  private static final String DB = "db";

  private LitestreamNames() {}

  static void add(Exposition page, List<DbStatus> databases) {
    page.family("litestream_db_size", GAUGE, "Size of the database file.");
    for (DbStatus database : databases) {
      page.sample(database.path().length(), DB, database.path().getPath());
    }
    page.family("litestream_wal_size", GAUGE, "Size of the WAL file.");
    for (DbStatus database : databases) {
      page.sample(database.walBytes(), DB, database.path().getPath());
    }
    page.family("litestream_txid", GAUGE, "The newest TXID of which there is a file.");
    for (DbStatus database : databases) {
      page.sample(database.sealedTxid(), DB, database.path().getPath());
    }
    operations(page, databases);
  }

  private static void operations(Exposition page, List<DbStatus> databases) {
    Map<String, Long> counts = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    for (DbStatus database : databases) {
      String type = type(database.replicaUrl());
      bytes.merge(type, database.uploadedBytes(), Long::sum);
      for (RequestCounts.Count each : database.requests()) {
        String operation = operation(each);
        if (!operation.isEmpty()) {
          counts.merge(operation + ' ' + type, each.count(), Long::sum);
        }
      }
    }
    page.family("litestream_replica_operation_total", COUNTER, "Requests that were answered.");
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      int space = each.getKey().indexOf(' ');
      page.sample(
          each.getValue(),
          "replica_type",
          each.getKey().substring(space + 1),
          "operation",
          each.getKey().substring(0, space));
    }
    page.family("litestream_replica_operation_bytes", COUNTER, "Bytes of files uploaded.");
    for (Map.Entry<String, Long> each : bytes.entrySet()) {
      page.sample(each.getValue(), "replica_type", each.getKey(), "operation", "PUT");
    }
  }

  private static String type(String url) {
    int end = url.indexOf(':');
    return end < 0 ? url : url.substring(0, end);
  }

  /** Empty for what Litestream does not count. */
  private static String operation(RequestCounts.Count count) {
    if (!count.code().equals("ok")) {
      return "";
    }
    switch (count.operation()) {
      case "list":
        return "LIST";
      case "read":
        return "GET";
      case "write":
        return "PUT";
      case "delete":
        return "DELETE";
      default:
        return "";
    }
  }
}

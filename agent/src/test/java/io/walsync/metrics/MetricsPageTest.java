package io.walsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import io.walsync.db.events.PastStatus;
import io.walsync.db.events.ReplicaSize;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  private static final long NOW = 1_700_000_100_000L;

  @Test
  void eachDatabaseHasItsValues() {
    Map<String, Double> samples = samples(List.of(fine("/a.db"), down("/b.db")), false);
    assertThat(samples)
        .containsEntry("walsync_databases{state=\"replicating\"}", 1.0)
        .containsEntry("walsync_databases{state=\"store-down\"}", 1.0)
        .containsEntry("walsync_databases{state=\"fenced\"}", 0.0)
        .containsEntry("walsync_fine{db=\"/a.db\"}", 1.0)
        .containsEntry("walsync_fine{db=\"/b.db\"}", 0.0)
        .containsEntry("walsync_store_down{db=\"/b.db\"}", 1.0)
        .containsEntry("walsync_lag_seconds{db=\"/a.db\"}", 0.0)
        .containsEntry("walsync_lag_seconds{db=\"/b.db\"}", 61.5)
        .containsEntry("walsync_staged_bytes{db=\"/b.db\"}", 4096.0)
        .containsEntry("walsync_wal_bytes{db=\"/b.db\"}", 32.0)
        .containsEntry("walsync_durable_txid{db=\"/a.db\"}", 17.0)
        .containsEntry("walsync_durable_timestamp_seconds{db=\"/a.db\"}", 1.7e9)
        .containsEntry("walsync_restorable_from_timestamp_seconds{db=\"/a.db\"}", 1.6e9)
        .containsEntry("walsync_snapshot_timestamp_seconds{db=\"/a.db\"}", 1.66e9)
        .containsEntry("walsync_merged_timestamp_seconds{db=\"/a.db\"}", 1.65e9)
        .containsEntry("walsync_staging_limit_bytes{db=\"/a.db\"}", 5000.0)
        .containsEntry("walsync_replica_files{db=\"/a.db\"}", 9.0)
        .containsEntry("walsync_replica_bytes{db=\"/a.db\"}", 9000.0)
        .containsEntry("walsync_checked_timestamp_seconds{db=\"/a.db\"}", 1.67e9)
        .containsEntry("walsync_merges_total{db=\"/a.db\"}", 7.0)
        .containsEntry("walsync_merged_bytes_total{db=\"/a.db\"}", 700.0)
        .containsEntry("walsync_merge_failures_total{db=\"/a.db\"}", 1.0)
        .containsEntry("walsync_snapshots_total{db=\"/a.db\"}", 2.0)
        .containsEntry("walsync_deleted_files_total{db=\"/a.db\"}", 11.0)
        .containsEntry("walsync_deleted_bytes_total{db=\"/a.db\"}", 1100.0)
        .containsEntry("walsync_retention_timestamp_seconds{db=\"/a.db\"}", 1.68e9)
        .containsEntry("walsync_uploads_total{db=\"/a.db\"}", 3.0)
        .containsEntry("walsync_uploaded_bytes_total{db=\"/a.db\"}", 999.0)
        .containsEntry("walsync_failures_total{db=\"/b.db\"}", 5.0);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(samples(List.of(down("/b.db")), false))
        .doesNotContainKey("walsync_durable_timestamp_seconds{db=\"/b.db\"}")
        .doesNotContainKey("walsync_checked_timestamp_seconds{db=\"/b.db\"}")
        .doesNotContainKey("walsync_replica_files{db=\"/b.db\"}")
        .doesNotContainKey("walsync_merged_timestamp_seconds{db=\"/b.db\"}")
        .doesNotContainKey("walsync_restorable_from_timestamp_seconds{db=\"/b.db\"}");
  }

  @Test
  void aNameIsEscaped() {
    assertThat(samples(List.of(fine("/\"\\\n\u00e4.db")), false))
        .containsEntry("walsync_fine{db=\"/\\\"\\\\\\n\u00e4.db\"}", 1.0);
  }

  @Test
  void withoutADatabaseThePageIsValidToo() {
    assertThat(samples(List.of(), true))
        .allSatisfy(
            (name, value) -> assertThat(value).isEqualTo(name.startsWith("walsync_info") ? 1 : 0));
  }

  @Test
  void upToTwoHundredDatabasesHaveSeriesOfTheirOwn() {
    assertThat(samples(many(MetricsPage.MOST_DATABASES), false))
        .containsKey("walsync_lag_seconds{db=\"/199.db\"}");
  }

  @Test
  void ofMoreDatabasesTheSumsAndTheWorstAreTold() {
    List<DbStatus> many = many(MetricsPage.MOST_DATABASES);
    many.add(down("/b.db"));
    Map<String, Double> samples = samples(many, true);
    assertThat(samples.keySet()).noneMatch(name -> name.contains("db="));
    assertThat(samples)
        .containsEntry("walsync_databases{state=\"replicating\"}", 200.0)
        .containsEntry("walsync_databases{state=\"store-down\"}", 1.0)
        .containsEntry("walsync_fine", 0.0)
        .containsEntry("walsync_store_down", 1.0)
        .containsEntry("walsync_fenced", 0.0)
        .containsEntry("walsync_lag_seconds", 61.5)
        .containsEntry("walsync_staged_bytes", 4096.0)
        .containsEntry("walsync_durable_timestamp_seconds", 1.7e9)
        .containsEntry("walsync_uploads_total", 600.0)
        .containsEntry("walsync_replica_files", 1800.0)
        .containsEntry("walsync_checked_timestamp_seconds", 1.67e9);
    assertThat(samples).hasSizeLessThan(60);
  }

  @Test
  void litestreamsNamesAreServedOnRequest() {
    List<DbStatus> one = List.of(fine("/a.db"));
    assertThat(samples(one, false).keySet()).allMatch(name -> name.startsWith("walsync_"));
    assertThat(samples(one, true))
        .containsEntry("litestream_txid{db=\"/a.db\"}", 18.0)
        .containsEntry("litestream_wal_size{db=\"/a.db\"}", 32.0)
        .containsEntry("litestream_db_size{db=\"/a.db\"}", 0.0)
        .containsEntry(
            "litestream_replica_operation_bytes{replica_type=\"file\",operation=\"PUT\"}", 999.0);
  }

  private static Map<String, Double> samples(List<DbStatus> databases, boolean isLitestreamToo) {
    return TextFormat.parse(MetricsPage.of(databases, isLitestreamToo));
  }

  static List<DbStatus> many(int count) {
    List<DbStatus> many = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      many.add(fine("/" + i + ".db"));
    }
    return many;
  }

  static DbStatus fine(String path) {
    return status(path, Health.REPLICATING)
        .txids(17, 18)
        .sent(3, 999)
        .restorable(1_600_000_000_000L, 1_700_000_000_000L)
        .past(
            new PastStatus(1_650_000_000_000L, 7, 700, 1, 1_660_000_000_000L, 2)
                .withDeleted(1_680_000_000_000L, 11, 1_100, 1_600_000_000_000L))
        .replica(new ReplicaSize(9, 9000, 1_670_000_000_000L))
        .stagingLimit(5000)
        .build();
  }

  private static DbStatus down(String path) {
    return status(path, Health.STORE_DOWN)
        .unstoredSince(NOW - 61_500)
        .staged(4096, new File("/staging"))
        .failures(5, "no route", NOW - 1)
        .storeDownSince(NOW - 60_000)
        .build();
  }

  private static DbStatus.Builder status(String path, Health health) {
    return DbStatus.builder(new File(path), "file:///r")
        .state("REPLICATING", NOW)
        .staged(0, new File("/staging"))
        .wal(32)
        .obstacle("the words")
        .health(health, NOW);
  }
}

package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.PageEncoding;
import io.walsync.replica.s3.S3Encryption;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as Litestream's users have them, unchanged. */
class ConfigExamplesTest {

  @TempDir Path folder;

  @Test
  void theSmallestFileNeedsAPathAndAUrl() throws Exception {
    Config config =
        load(
            """
            dbs:
              - path: /var/lib/app.db
                replica:
                  url: s3://backups/app
            """);

    assertThat(config.warnings()).isEmpty();
    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
    DbConfig db = config.dbs().get(0);
    assertThat(db.pattern()).isEqualTo("/var/lib/app.db");
    assertThat(db.isExact()).isTrue();
    assertThat(db.syncInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(db.busyTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(db.journalMode()).isEqualTo(JournalMode.WAL);
    assertThat(db.pageEncoding()).isEqualTo(PageEncoding.LZ4_FRAME);
    assertThat(db.checkpointer()).isEqualTo(Checkpointer.AGENT);
    assertThat(db.stagingMaxBytes()).isEqualTo(1L << 30);
    assertThat(db.minCheckpointPageCount()).isEqualTo(1000);
    assertThat(db.snapshotInterval()).isEqualTo(Duration.ofHours(24));
    assertThat(db.retention()).isNull();
    assertThat(db.isRetentionEnabled()).isTrue();
    assertThat(db.restoreIfDbNotExists()).isFalse();
    ReplicaConfig replica = db.replica();
    assertThat(replica.type()).isEqualTo(ReplicaType.S3);
    assertThat(replica.s3().bucket()).isEqualTo("backups");
    assertThat(replica.path()).isEqualTo("app");
    assertThat(replica.s3().region()).isEqualTo("us-east-1");
    assertThat(replica.s3().endpoint()).isNull();
    assertThat(replica.s3().accessKeyId()).isNull();
    assertThat(replica.s3().secretAccessKey()).isNull();
    assertThat(replica.s3().forcePathStyle()).isFalse();
    assertThat(replica.s3().skipVerify()).isFalse();
    assertThat(replica.s3().partSizeBytes()).isEqualTo(16L << 20);
    assertThat(replica.s3().partConcurrency()).isEqualTo(4);
  }

  @Test
  void aServersFileWithEverythingLoads() throws Exception {
    Config config =
        load(
            """
            # metrics
            addr: ":9090"
            mcp-addr: ":3001"
            exec: "java -jar app.jar"
            socket:
              enabled: true
              path: /var/run/litestream.sock
              permissions: 0600
            access-key-id: ${BACKUP_KEY}
            secret-access-key: ${BACKUP_SECRET}
            region: eu-west-1
            sync-interval: 5s
            levels:
              - interval: 30s
              - interval: 5m
            snapshot:
              interval: 12h
              retention: 168h
            l0-retention: 0
            l0-retention-check-interval: 15s
            verify-compaction: true
            retention: {enabled: false}
            validation: {interval: 1h}
            heartbeat-url: https://example.com/ping
            heartbeat-interval: 5m
            shutdown-sync-timeout: 20s
            shutdown-sync-interval: 500ms
            logging:
              level: debug
              type: json
              stderr: true
              source: false
            dbs:
              - path: sqlite3:///srv/shop.db
                monitor-interval: 1s
                checkpoint-interval: 1m
                busy-timeout: 2s
                min-checkpoint-page-count: 2000
                truncate-page-n: 0
                max-sync-wal-bytes: 67108864
                replica:
                  type: s3
                  name: s3
                  bucket: shop
                  path: prod/shop
                  validation-interval: 6h
                  max-sync-ltx-files: 100
                  auto-recover: true
                  sign-payload: true
                  storage-class: STANDARD_IA
                  part-size: 10MiB
                  concurrency: 2
                  sse-kms-key-id: alias/shop
              - path: /srv/local.db
                replicas:
                  - path: /mnt/backup/local
                    sync-interval: 1m30s
            """,
            Map.of("BACKUP_KEY", "id", "BACKUP_SECRET", "s: #3"));

    assertThat(config.warnings())
        .containsExactlyInAnyOrder(
            "c.yml:3: mcp-addr: belongs to the Litestream daemon; Walsync runs inside the"
                + " application and ignores it",
            "c.yml:4: exec: belongs to the Litestream daemon; Walsync runs inside the application"
                + " and ignores it",
            "c.yml:5: socket: belongs to the Litestream daemon; Walsync runs inside the"
                + " application and ignores it",
            "c.yml:19: l0-retention: ignored; how long every commit stays restorable is said by"
                + " `retention.keep`",
            "c.yml:20: l0-retention-check-interval: ignored; how long every commit stays"
                + " restorable is said by `retention.keep`",
            "c.yml:21: verify-compaction: does nothing: each merge proves itself",
            "c.yml:23: validation: is not available yet; ignored",
            "c.yml:24: heartbeat-url: is not available yet; ignored",
            "c.yml:25: heartbeat-interval: is not available yet; ignored",
            "c.yml:27: shutdown-sync-interval: belongs to the Litestream daemon; Walsync runs"
                + " inside the application and ignores it",
            "c.yml:30: logging.type: messages are plain text; ignored",
            "c.yml:32: logging.source: messages are plain text; ignored",
            "c.yml:35: dbs[0].monitor-interval: does nothing: commits are noticed without polling",
            "c.yml:36: dbs[0].checkpoint-interval: does nothing: Walsync decides when to"
                + " checkpoint",
            "c.yml:39: dbs[0].truncate-page-n: does nothing: Walsync never blocks readers to"
                + " truncate",
            "c.yml:40: dbs[0].max-sync-wal-bytes: does nothing: batches are bounded by Walsync"
                + " itself",
            "c.yml:46: dbs[0].replica.validation-interval: does nothing: no replica is validated"
                + " by reading it back",
            "c.yml:47: dbs[0].replica.max-sync-ltx-files: does nothing: files are uploaded as they"
                + " arrive",
            "c.yml:48: dbs[0].replica.auto-recover: does nothing: damaged local state is always"
                + " rebuilt safely");
    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
    DbConfig shop = config.match(new File("/srv/shop.db"));
    assertThat(shop.busyTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(shop.minCheckpointPageCount()).isEqualTo(2000);
    assertThat(shop.syncInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(shop.snapshotInterval()).isEqualTo(Duration.ofHours(12));
    assertThat(shop.retention()).hasToString("300s every commit, 604800s every 30s");
    assertThat(shop.isRetentionEnabled()).isFalse();
    ReplicaConfig replica = shop.replica();
    assertThat(replica.url()).isEqualTo("s3://shop/prod/shop");
    assertThat(replica.s3().accessKeyId()).isEqualTo("id");
    assertThat(replica.s3().secretAccessKey()).isEqualTo("s: #3");
    assertThat(replica.s3().region()).isEqualTo("eu-west-1");
    assertThat(replica.s3().storageClass()).isEqualTo("STANDARD_IA");
    assertThat(replica.s3().partSizeBytes()).isEqualTo(10L << 20);
    assertThat(replica.s3().partConcurrency()).isEqualTo(2);
    assertThat(replica.s3().encryption()).isEqualTo(S3Encryption.kms("alias/shop"));
    DbConfig local = config.match(new File("/srv/local.db"));
    assertThat(local.syncInterval()).isEqualTo(Duration.ofSeconds(90));
    assertThat(local.replica().type()).isEqualTo(ReplicaType.FILE);
    assertThat(local.replica().path()).isEqualTo("/mnt/backup/local");
    assertThat(local.replica().url()).isEqualTo("file:///mnt/backup/local");
  }

  @Test
  void oneServerForManyTenants() throws Exception {
    Config config =
        load(
            """
            endpoint: minio:9000
            dbs:
              - dir: /srv/tenants
                pattern: "*.db"
                recursive: true
                watch: true
                meta-dir: /var/cache/walsync
                replica: {type: s3, bucket: ${BUCKET}, path: tenants, force-path-style: on}
            """,
            Map.of("BUCKET", "many"));

    File tenant = new File("/srv/tenants/eu/a.db");
    DbConfig db = config.match(tenant);
    assertThat(config.warnings()).isEmpty();
    assertThat(db.isExact()).isFalse();
    assertThat(db.isRecursive()).isTrue();
    assertThat(db.root()).isEqualTo(new File("/srv/tenants"));
    assertThat(db.pattern()).isEqualTo("/srv/tenants/**/*.db");
    assertThat(db.replicaFor(tenant).url()).isEqualTo("s3://many/tenants/eu/a.db");
    assertThat(db.replicaFor(tenant).s3().endpoint()).hasToString("https://minio:9000");
    assertThat(db.replicaFor(tenant).s3().region()).isEqualTo("us-east-1");
    assertThat(db.metaFolderFor(tenant)).isEqualTo(new File("/var/cache/walsync/eu/a.db-walsync"));
    assertThat(config.match(new File("/srv/tenants/a.sqlite"))).isNull();
    assertThat(config.match(new File("/srv/a.db"))).isNull();
  }

  @Test
  void settingsAreSharedWithAnchorsAndMergeKeys() throws Exception {
    Config config =
        load(
            """
            dbs:
              - &first
                path: /a.db
                busy-timeout: 3s
                replica: &replica {url: "s3://b/a", region: eu-north-1}
              - <<: *first
                path: /b.db
                replica:
                  <<: [*replica]
                  url: s3://b/b
            """);

    DbConfig second = config.dbs().get(1);
    assertThat(second.pattern()).isEqualTo("/b.db");
    assertThat(second.busyTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(second.replica().path()).isEqualTo("b");
    assertThat(second.replica().s3().region()).isEqualTo("eu-north-1");
  }

  @Test
  void walsyncsOwnKeysHaveDefaultsAtTheTop() throws Exception {
    Config config =
        load(
            """
            journal-mode: keep
            page-encoding: block
            checkpointer: application
            behind: refuse
            staging-max-bytes: 64MiB
            shutdown-timeout: 3s
            shutdown-sync-timeout: 30s
            dbs:
              - path: /a.db
                replica: {url: "s3://b/a"}
              - path: /b.db
                journal-mode: WAL
                page-encoding: frame
                checkpointer: agent
                behind: continue
                staging-max-bytes: 1000000000
                replica: {url: "s3://b/b"}
            """);

    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(3));
    DbConfig a = config.dbs().get(0);
    assertThat(a.journalMode()).isEqualTo(JournalMode.KEEP);
    assertThat(a.pageEncoding()).isEqualTo(PageEncoding.LZ4_BLOCK);
    assertThat(a.checkpointer()).isEqualTo(Checkpointer.APPLICATION);
    assertThat(a.behind()).isEqualTo(BehindPolicy.REFUSE);
    assertThat(a.stagingMaxBytes()).isEqualTo(64L << 20);
    DbConfig b = config.dbs().get(1);
    assertThat(b.journalMode()).isEqualTo(JournalMode.WAL);
    assertThat(b.pageEncoding()).isEqualTo(PageEncoding.LZ4_FRAME);
    assertThat(b.checkpointer()).isEqualTo(Checkpointer.AGENT);
    assertThat(b.behind()).isEqualTo(BehindPolicy.CONTINUE);
    assertThat(b.stagingMaxBytes()).isEqualTo(1_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "9090, , 9090",
    "':9090', , 9090",
    "localhost:9090, localhost, 9090",
    "0.0.0.0:1, 0.0.0.0, 1",
    "'[::1]:9090', '[::1]', 9090",
    "':0', , 0"
  })
  void metricsAreServedWhereAddrSays(String addr, String host, int port) throws Exception {
    Config config = load("addr: '" + addr + "'\nlitestream-metrics: true\ndbs: []\n");
    assertThat(config.addr().host()).isEqualTo(host);
    assertThat(config.addr().port()).isEqualTo(port);
    assertThat(config.hasLitestreamMetrics()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "9090:", "http://localhost:9090", ":65536", "a b:90", ":-1"})
  void anAddrThatCannotBeCostsOnlyTheMetrics(String addr) throws Exception {
    Config config = load("addr: '" + addr + "'\ndbs: [{path: /a.db, replica: {path: /r}}]\n");
    assertThat(config.addr()).isNull();
    assertThat(config.warnings())
        .containsExactly("c.yml:1: addr: is none of 9090, :9090, host:9090; no metrics are served");
  }

  @Test
  void keysWithoutValuesCountAsAbsent() throws Exception {
    Config config =
        load(
            """
            addr:
            access-key-id: ~
            secret-access-key: null
            region: ""
            snapshot:
            logging:
            dbs:
              - path: /a.db
                dir:
                replica:
                  url: s3://b/a
                  path:
                replicas:
            """);

    assertThat(config.warnings()).isEmpty();
    assertThat(config.dbs().get(0).replica().s3().accessKeyId()).isNull();
  }

  @Test
  void aByteOrderMarkIsNoKey() throws Exception {
    assertThat(load("\uFEFFdbs: [{path: /a.db, replica: {path: /r}}]").dbs()).hasSize(1);
  }

  @Test
  void withoutExpansionADollarStandsForItself() throws Exception {
    ConfigFile file = ConfigFile.of(folder, "dbs: [{path: '/a${X}$Y.db', replica: {path: /r}}]");
    Config config = ConfigLoader.loadWithoutExpansion(file.file().toFile(), new HashMap<>());

    assertThat(config.dbs().get(0).pattern()).isEqualTo("/a${X}$Y.db");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void anUnsetVariableIsNothingAndIsNamed() throws Exception {
    Config config =
        load(
            """
            region: ${REGION}
            dbs:
              - path: /data/$NAME/app.db
                replica: {url: "s3://b/a"}
            """);

    assertThat(config.dbs().get(0).pattern()).isEqualTo("/data/app.db");
    assertThat(config.warnings())
        .containsExactlyInAnyOrder(
            "c.yml:3: dbs[0].path: $NAME is not set in the environment; replaced with nothing",
            "c.yml:1: region: $REGION is not set in the environment; replaced with nothing");
  }

  @Test
  void retentionShorterThanTheIntervalIsPointedOut() throws Exception {
    Config config =
        load(
            """
            dbs:
              - path: /a.db
                snapshot: {interval: 24h, retention: 1h}
                replica: {url: "s3://b/a"}
            """);

    assertThat(config.warnings())
        .contains(
            "c.yml:3: dbs[0].snapshot.retention: is shorter than the interval between snapshots"
                + " (24h)");
  }

  @Test
  void filesAreDeletedOnlyWhereSomethingIsPromisedAndMerged() throws Exception {
    String rest =
        """
        dbs:
          - path: /a.db
            replica: {url: "s3://b/a"}
        """;
    Config kept = load("retention: {keep: 1h every commit}\n" + rest);
    assertThat(kept.dbs().get(0).retention()).hasToString("1h every commit");
    assertThat(kept.warnings()).isEmpty();
    assertThat(load("retention: {enabled: false}\n" + rest).warnings()).isEmpty();
    Config nothing = load("retention: {enabled: true}\n" + rest);
    assertThat(nothing.dbs().get(0).retention()).isNull();
    assertThat(nothing.warnings())
        .containsExactly(
            "c.yml:1: retention: without `keep` beside it, or `snapshot.retention`, nothing is"
                + " promised, and nothing is deleted");
    Config unmerged = load("retention: {keep: 1h every commit}\nlevels: []\n" + rest);
    assertThat(unmerged.dbs().get(0).retention()).isNull();
    assertThat(unmerged.warnings())
        .containsExactly(
            "c.yml:1: retention.keep: `levels` is an empty list, and without levels the agent"
                + " deletes nothing");
  }

  @Test
  void anIntervalOfSnapshotsWithoutLevelsIsPointedOut() throws Exception {
    String rest =
        """
        levels: []
        dbs:
          - path: /a.db
            replica: {url: "s3://b/a"}
        """;
    assertThat(load("snapshot: {interval: 12h}\n" + rest).warnings())
        .anyMatch(line -> line.contains("snapshot.interval: `levels` is an empty list"));
    assertThat(load(rest).warnings()).noneMatch(line -> line.contains("empty list"));
  }

  @Test
  void settingsThatDoNotFitTheReplicaAreNamed() throws Exception {
    Config config =
        load(
            """
            dbs:
              - path: /a.db
                restore-if-db-not-exists: true
                replica:
                  path: /r
                  region: eu-west-1
                  host: example.com
              - path: /b.db
                replica:
                  url: s3://b/b
                  sign-payload: false
                  require-content-md5: false
                  put-object-content-md5: true
                  sign-accept-encoding: false
            """);

    assertThat(config.dbs().get(0).restoreIfDbNotExists()).isTrue();
    assertThat(config.warnings())
        .containsExactlyInAnyOrder(
            "c.yml:7: dbs[0].replica.host: is for replica types that Walsync cannot write;"
                + " ignored",
            "c.yml:6: dbs[0].replica.region: has no effect on a file replica",
            "c.yml:11: dbs[1].replica.sign-payload: payloads are always signed; ignored",
            "c.yml:12: dbs[1].replica.require-content-md5: deletes always carry Content-MD5;"
                + " ignored",
            "c.yml:13: dbs[1].replica.put-object-content-md5: uploads carry SHA-256 instead;"
                + " ignored");
  }

  @Test
  void aKeyThatDoesNothingIsNamedOnceForManyDatabases() throws Exception {
    StringBuilder yaml = new StringBuilder("dbs:\n");
    for (int i = 0; i < 5; i++) {
      yaml.append("  - {path: /" + i + ", monitor-interval: 1s, replica: {path: /r/" + i + "}}\n");
    }
    assertThat(load(yaml.toString()).warnings())
        .containsExactly(
            "c.yml:2: dbs[0].monitor-interval: does nothing: commits are noticed without polling");
  }

  private Config load(String yaml) throws Exception {
    return load(yaml, Map.of());
  }

  private Config load(String yaml, Map<String, String> environment) throws Exception {
    ConfigFile file = ConfigFile.of(folder, yaml);
    Config config = file.load(environment);
    Config.Builder values = new Config.Builder();
    values.shutdownTimeout = config.shutdownTimeout();
    values.stagingMaxTotalBytes = config.stagingMaxTotalBytes();
    values.logLevel = config.logLevel();
    values.addr = config.addr();
    values.hasLitestreamMetrics = config.hasLitestreamMetrics();
    return values.build(config.dbs(), config.warnings().stream().map(file::withoutFolder).toList());
  }
}

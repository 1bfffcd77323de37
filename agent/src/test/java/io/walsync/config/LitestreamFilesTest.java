package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Litestream v0.5 runs with, v0.3's files among it, never turns replication off. */
class LitestreamFilesTest {

  private static final Map<String, String> ENVIRONMENT = Map.of();

  @TempDir Path folder;

  private static String db(String... lines) {
    return "dbs:\n  - path: /a.db\n    "
        + String.join("\n    ", lines)
        + "\n    replica: {url: 's3://b/p'}\n";
  }

  private static String replica(String... lines) {
    return "dbs:\n  - path: /a.db\n    replica:\n      " + String.join("\n      ", lines) + "\n";
  }

  private List<String> warnings(String yaml) throws Exception {
    return ConfigFile.of(folder, yaml).warnings(ENVIRONMENT);
  }

  private DbConfig only(String yaml) throws Exception {
    List<DbConfig> dbs = ConfigFile.of(folder, yaml).load().dbs();
    assertThat(dbs).hasSize(1);
    return dbs.get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retention: 168h",
        "retention-check-interval: 24h",
        "snapshot-interval: 24h",
        "validation-interval: 12h",
        "monitor-interval: 1s",
        "busy-timeout: 5s",
        "checkpoint-interval: 1m",
        "enabled: true",
        "description: {of: [the, bucket]}",
        "generation: 0123456789abcdef",
      })
  void aKeyOfAReplicaThatIsNoneIsOneWarning(String line) throws Exception {
    String key = line.substring(0, line.indexOf(':'));
    assertThat(warnings(replica("url: s3://b/p", line)))
        .hasSize(1)
        .allMatch(warning -> warning.startsWith("c.yml:5: dbs[0].replica." + key + ": "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-checkpoint-page-count: 10000",
        "snapshot-interval: 1h",
        "retention: 24h",
        "retention-check-interval: 1h",
        "validation-interval: 6h",
        "shadow-retention-n: 32",
        "sync-interval: 10s",
        "bucket: b",
        "age: {recipients: [age1x]}",
        "comment: the main database",
      })
  void aKeyOfADatabaseThatIsNoneIsOneWarning(String line) throws Exception {
    String key = line.substring(0, line.indexOf(':'));
    assertThat(warnings(db(line)))
        .hasSize(1)
        .allMatch(warning -> warning.startsWith("c.yml:3: dbs[0]." + key + ": "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshot-interval: 6h",
        "retention: 24h",
        "retention-check-interval: 1h",
        "monitor-interval: 1s",
        "kubernetes: true",
        "version: '3'",
        "busy-timeout: 5s",
      })
  void aKeyAtTheTopThatIsNoneIsOneWarning(String line) throws Exception {
    String key = line.substring(0, line.indexOf(':'));
    assertThat(warnings(line + "\n" + replica("url: s3://b/p")))
        .hasSize(1)
        .allMatch(warning -> warning.startsWith("c.yml:1: " + key + ": "));
  }

  @Test
  void aKeyInTheWrongPlaceIsToldWhereItBelongs() throws Exception {
    assertThat(warnings(db("sync-interval: 10s")))
        .containsExactly("c.yml:3: dbs[0].sync-interval: belongs in a replica, not here; ignored");
    assertThat(warnings(replica("url: s3://b/p", "busy-timeot: 1s")))
        .containsExactly(
            "c.yml:5: dbs[0].replica.busy-timeot: unknown key; ignored. `busy-timeout` belongs in"
                + " an entry of `dbs`");
  }

  @Test
  void keysThatManyDatabasesRepeatAreOneWarningEach() throws Exception {
    StringBuilder yaml = new StringBuilder("dbs:\n");
    for (int i = 0; i < 300; i++) {
      yaml.append("  - path: /").append(i).append(".db\n    replicas:\n      - url: s3://b/");
      yaml.append(i).append("\n        retention: 72h\n        colour: red\n");
    }
    assertThat(warnings(yaml.toString())).hasSize(2);
  }

  @Test
  void keysAtTheTopMayHoldAnchors() throws Exception {
    String yaml =
        String.join(
            "\n",
            "x-s3: &s3",
            "  type: s3",
            "  bucket: b",
            "  retention: 24h",
            "replica-defaults:",
            "  slow: &slow {<<: *s3, sync-interval: 1m}",
            "levels-of-ours: [&name app]",
            "dbs:",
            "  - path: /a.db",
            "    replica: {<<: *slow, path: *name}",
            "  - path: /b.db",
            "    replicas:",
            "      - <<: [*s3, *slow]",
            "        path: b");
    Config config = ConfigFile.of(folder, yaml).load();
    assertThat(config.dbs().get(0).replica().url()).isEqualTo("s3://b/app");
    assertThat(config.dbs().get(0).syncInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.dbs().get(1).syncInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(warnings(yaml))
        .containsExactlyInAnyOrder(
            "c.yml:1: x-s3: is no key; what it holds counts where its anchors are used",
            "c.yml:5: replica-defaults: is no key; what it holds counts where its anchors are used",
            "c.yml:7: levels-of-ours: is no key; what it holds counts where its anchors are used",
            "c.yml:4: dbs[0].replica.retention: is Litestream v0.3's; ignored, as by Litestream"
                + " v0.5: snapshots and retention are set by `snapshot` at the top");
  }

  @Test
  void anAnchorDoesNotHideAMisspeltListOfDatabases() throws Exception {
    assertThat(ConfigFile.of(folder, "dbz: &all []\n").problem(ENVIRONMENT))
        .isEqualTo("c.yml:1:1: dbz: unknown key; did you mean `dbs`?");
  }

  @Test
  void oneAnchorServesEveryDatabase() throws Exception {
    StringBuilder yaml = new StringBuilder("x: &r {type: s3, bucket: b}\ndbs:\n");
    for (int i = 0; i < 500; i++) {
      yaml.append("  - {path: /" + i + ".db, replica: {<<: *r, path: p" + i + "}}\n");
    }
    assertThat(ConfigFile.of(folder, yaml.toString()).load().dbs()).hasSize(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing\n", "---\n", "~\n", "dbs:\n", "dbs: []\n", "addr: ':90'\n"})
  void aFileWithoutDatabasesReplicatesNothingAndSaysSo(String yaml) throws Exception {
    assertThat(ConfigFile.of(folder, yaml).load().dbs()).isEmpty();
    assertThat(warnings(yaml))
        .filteredOn(
            warning -> warning.endsWith("names no databases (`dbs`): nothing is replicated"))
        .hasSize(1);
  }

  @Test
  void ofSeveralDocumentsTheFirstCounts() throws Exception {
    assertThat(only(replica("url: s3://b/p") + "---\ndbs: []\n").replica().url())
        .isEqualTo("s3://b/p");
  }

  @Test
  void ofAKeyThatIsGivenTwiceTheLastCounts() throws Exception {
    String yaml = replica("url: s3://b/p", "url: s3://b/q");
    assertThat(only(yaml).replica().url()).isEqualTo("s3://b/q");
    assertThat(warnings(yaml))
        .containsExactly(
            "c.yml:5: dbs[0].replica.url: is given twice, first at c.yml:4; this one counts");
  }

  @ParameterizedTest
  @CsvSource({
    "/p, /p",
    "p/, p/",
    "/a/b/, /a/b/",
    "a//b, a//b",
    "/, /",
  })
  void aPathIsKeptAsItIsForTheClientToLook(String path, String prefix) throws Exception {
    String yaml = replica("type: s3", "bucket: b", "path: " + path);
    assertThat(only(yaml).replica().path()).isEqualTo(prefix);
    assertThat(warnings(yaml))
        .hasSize(1)
        .allMatch(each -> each.contains("part of Litestream's keys"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b, .",
    "s3://b/, ''",
    "s3://b//, ''",
    "s3://b/a/../p, p",
    "s3://b/./a//c/, a/c",
    "s3://key:word@b/p, p",
    "s3://b/p#part, p",
    "s3://b/p?colour=x, p",
    "s3://b/p?sseKmsKeyId=k, p",
  })
  void aUrlMeansWhatItMeansToLitestream(String url, String prefix) throws Exception {
    String yaml = replica("url: '" + url + "'");
    assertThat(only(yaml).replica().s3().bucket()).isEqualTo("b");
    assertThat(only(yaml).replica().path()).isEqualTo(prefix);
    boolean isPlain = url.contains("..") || url.contains("./a");
    assertThat(warnings(yaml)).hasSize(isPlain ? 0 : 1);
  }

  @Test
  void aBucketWithoutAPathIsOneReplica() throws Exception {
    String yaml = replica("type: s3", "bucket: b");
    assertThat(only(yaml).replica().path()).isEmpty();
    assertThat(warnings(yaml))
        .containsExactly(
            "c.yml:5: dbs[0].replica.bucket: names no path in the bucket, which is then one"
                + " replica as a whole");
  }

  @ParameterizedTest
  @CsvSource({
    "'/a/', /a/x.db",
    "'a//b', a/b/x.db",
    "'', x.db",
    "'a', a/x.db",
  })
  void databasesOfADirectoryAreJoinedToThePathAsInLitestream(String path, String key)
      throws Exception {
    String yaml =
        "dbs: [{dir: /d, pattern: '*.db', replica: {type: s3, bucket: b, path: '" + path + "'}}]";
    ReplicaConfig replica = only(yaml).replicaFor(new java.io.File("/d/x.db"));
    assertThat(replica.path()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "file:///var/rep, /var/rep",
    "file://var/rep, /var/rep",
    "file:///my rep, /my%20rep",
    "file:///my%20rep, /my%20rep",
    "file:///donn\u00e9es, /donn%C3%A9es",
    "'file:///my rep#a%20b+\u00e9', /my%20rep#a%20b+%C3%A9",
    "file:///a+b(c), /a+b(c)",
  })
  void aFileUrlIsTheFolderThatLitestreamMakesOfIt(String url, String path) throws Exception {
    String yaml = replica("url: '" + url + "'");
    assertThat(only(yaml).replica().path()).isEqualTo(path);
    assertThat(warnings(yaml)).hasSize(path.equals(url.substring(7)) ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "48h, PT24H",
    "10us, PT0.001S",
    "10, PT1S",
    "1.5, PT1S",
  })
  void anIntervalThatLitestreamTakesIsBroughtIntoRange(String given, Duration used)
      throws Exception {
    String yaml = replica("url: s3://b/p", "sync-interval: " + given);
    assertThat(only(yaml).syncInterval()).isEqualTo(used);
    assertThat(warnings(yaml)).hasSize(1).allMatch(each -> each.contains(" is used"));
  }

  @Test
  void sizesAndCountsAreBroughtIntoRange() throws Exception {
    String yaml = replica("url: s3://b/p", "part-size: 1MB", "concurrency: 64");
    assertThat(only(yaml).replica().s3().partSizeBytes()).isEqualTo(5L << 20);
    assertThat(only(yaml).replica().s3().partConcurrency()).isEqualTo(16);
    assertThat(warnings(yaml))
        .containsExactly(
            "c.yml:5: dbs[0].replica.part-size: must be from 5 MiB to 5 GiB; 5 MiB is used",
            "c.yml:6: dbs[0].replica.concurrency: must be from 1 to 16; 16 is used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pattern: '*.db'",
        "recursive: true",
        "watch: true",
        "busy-timeout: 5m",
        "busy-timeout: 10",
        "busy-timeout: -5",
        "busy-timeout: -5s",
        "min-checkpoint-page-count: 5000000",
      })
  void whatLitestreamPassesOverInADatabaseIsOneWarning(String line) throws Exception {
    assertThat(warnings(db(line))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access-key-id: AKIA",
        "secret-access-key: s",
        "sse-customer-algorithm: AES256",
        "sse-customer-algorithm: AES128",
        "type: file",
      })
  void whatLitestreamPassesOverInAReplicaIsOneWarning(String line) throws Exception {
    String yaml = replica("url: s3://b/p", line);
    assertThat(warnings(yaml)).hasSize(1);
    assertThat(only(yaml).replica().s3().accessKeyId()).isNull();
    assertThat(only(yaml).replica().url()).isEqualTo("s3://b/p");
  }

  @Test
  void aBucketWithoutATypeIsAFolderAsInLitestream() throws Exception {
    String yaml = replica("bucket: b", "path: /p");
    assertThat(only(yaml).replica().url()).isEqualTo("file:///p");
    assertThat(warnings(yaml)).hasSize(1);
  }

  @Test
  void aLogLevelThatIsNoneIsInfo() throws Exception {
    String yaml = "logging: {level: loud, format: x}\n" + replica("url: s3://b/p");
    assertThat(ConfigFile.of(folder, yaml).load().logLevel()).isEqualTo(LogLevel.INFO);
    assertThat(warnings(yaml)).hasSize(2);
  }

  @Test
  void timeoutsBeyondBoundsAreBroughtIntoThem() throws Exception {
    String yaml = "shutdown-timeout: 2h\n" + replica("url: s3://b/p");
    assertThat(ConfigFile.of(folder, yaml).load().shutdownTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(warnings(yaml))
        .containsExactly("c.yml:1: shutdown-timeout: must be from 0s to 1h: 1h is used");
  }
}

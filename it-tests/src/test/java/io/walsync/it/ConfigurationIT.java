package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration says happens, and no more; what it says wrongly harms nobody. */
final class ConfigurationIT {

  private static final Duration NOTICE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Path database;
  private Path configFile;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void place() throws IOException {
    database = Files.createDirectory(folder.resolve("app")).resolve("app.db");
    configFile = folder.resolve("walsync.yml");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
  }

  @Test
  void aDatabaseInRollbackModeIsSwitchedToWal() {
    Path config = AgentYaml.of(database, replica).writeTo(configFile);
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open journal_mode=DELETE");
      app.ask("create");
      app.ask("insert 10");
      app.ask("close");
      app.exit();
    }
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open journal_mode=DELETE");
      app.ask("close");
      app.ask("open busy_timeout=5000");
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void journalModeKeepLeavesARollbackDatabaseAlone() throws IOException {
    Path config = AgentYaml.of(database, replica).setting("journal-mode: keep").writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open journal_mode=DELETE");
      app.ask("create");
      app.ask("insert 10");
      assertThat(app.ask("sql PRAGMA journal_mode")).isEqualTo("delete");
      app.ask("close");
      app.exit();
    }
    assertThat(filesBeside()).containsExactly("app.db", "app.db.journal-of-commits");
  }

  @Test
  void aDatabaseThatNoEntryNamesIsLeftAlone() throws IOException {
    Path config = AgentYaml.of(folder.resolve("other.db"), replica).writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 50");
      assertThat(app.ask("sql PRAGMA wal_autocheckpoint")).isEqualTo("1000");
      app.ask("close");
      app.exit();
    }
    assertThat(filesBeside()).containsExactly("app.db", "app.db.journal-of-commits");
    assertThat(folder.resolve("replica")).doesNotExist();
  }

  @Test
  void theAgentAddsNothingToTheDatabase() {
    Path config = AgentYaml.of(database, replica).writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("sql CREATE TABLE only_one(x)");
      recovery.awaitFirst();
      app.ask("sql INSERT INTO only_one VALUES(1)");
      assertThat(app.ask("sql SELECT group_concat(name) FROM sqlite_master")).isEqualTo("only_one");
      app.ask("close");
      app.exit();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbs: [",
        "dbs:\n  - path: app.db\n    replika:\n      path: x\n",
        "dbs:\n  - path: app.db\n",
        "dbs:\n  - path: app.db\n    replica:\n      type: s3\n      path: x\n",
        "dbs:\n  - path: app.db\n    replica:\n      path: x\n      sync-interval: soon\n",
        ""
      })
  void aWrongConfigurationStopsReplicationAndNeverTheApplication(String text) throws IOException {
    Path config = Files.writeString(configFile, text);
    runsAsEver(config);
  }

  @Test
  void aMissingConfigurationStopsReplicationAndNeverTheApplication() throws IOException {
    runsAsEver(folder.resolve("nowhere.yml"));
  }

  private void runsAsEver(Path config) throws IOException {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      assertThat(app.ask("insert 50")).isEqualTo("50");
      app.ask("close");
      assertThat(app.exit()).isZero();
      assertThat(app.stderr()).as("one clear message").hasSizeBetween(1, 3);
      assertThat(String.join("\n", app.stderr())).contains(config.getFileName().toString());
    }
    assertThat(filesBeside()).containsExactly("app.db", "app.db.journal-of-commits");
  }

  @Test
  void aReplicaThatCannotBeWrittenIsReportedAndTheApplicationGoesOn() throws IOException {
    Path file = Files.writeString(folder.resolve("no-directory"), "x");
    Replica impossible = new DirectoryReplica(file.resolve("replica"));
    Path config = AgentYaml.of(database, impossible).writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      assertThat(app.ask("insert 200 2000")).isEqualTo("200");
      app.ask("close");
      app.exit();
      assertThat(String.join("\n", app.stderr())).contains("no-directory");
      assertThat(app.stderr()).as("one message for each change of state").hasSizeLessThan(10);
    }
    assertThat(LedgerContent.of(database).lastSeq()).isEqualTo(200);
  }

  @Test
  void aWrongSecretIsReportedWithoutBeingShown() {
    String secret = "a-secret-that-nobody-may-see";
    S3Server server = S3Servers.EMBEDDED.server();
    try (BucketReplica bucket = new BucketReplica(server)) {
      Path config = AgentYaml.of(database, bucket).secretAccessKey(secret).writeTo(configFile);
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        assertThat(app.ask("insert 100 1000")).isEqualTo("100");
        await("the agent says so").atMost(NOTICE).until(() -> !app.stderr().isEmpty());
        app.ask("close");
        app.exit();
        assertThat(String.join("\n", app.stderr())).contains("s3://").doesNotContain(secret);
      }
      assertThat(bucket.list()).isEmpty();
    }
  }

  private List<String> filesBeside() throws IOException {
    try (Stream<Path> files = Files.list(database.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

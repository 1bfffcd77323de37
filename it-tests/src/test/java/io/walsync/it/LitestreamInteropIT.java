package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Litestream reads what we write, and we read and continue what it writes. */
final class LitestreamInteropIT {

  @TempDir Path folder;
  private Path database;
  private Path configFile;
  private Path byLitestream;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    configFile = folder.resolve("walsync.yml");
    byLitestream = folder.resolve("by-litestream.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void litestreamRestoresWhatWeReplicated(String version) {
    Litestream litestream = Litestream.version(version);
    replicateWithGrowthAndShrinkage(AgentYaml.of(database, replica).writeTo(configFile));
    litestream.restore(replica, byLitestream, "-integrity-check", "full").succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
    DatabaseContent.sameBytes(recovery.restore(), byLitestream);
  }

  @Test
  void litestreamRestoresTheBlockEncoding() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    Path config =
        AgentYaml.of(database, replica).setting("page-encoding: block").writeTo(configFile);
    replicateWithGrowthAndShrinkage(config);
    litestream.restore(replica, byLitestream).succeeded();
    DatabaseContent.sameBytes(recovery.restore(), byLitestream);
  }

  @ParameterizedTest
  @EnumSource
  void litestreamRestoresWhatWeReplicatedToS3(S3Servers kind) {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      recovery = new Recovery(bucket, folder);
      replicateWithGrowthAndShrinkage(AgentYaml.of(database, bucket).writeTo(configFile));
      litestream.restore(bucket, byLitestream).succeeded();
      DatabaseContent.sameBytes(recovery.restore(), byLitestream);
      LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void litestreamRestoresEveryTxidWeWrote(String version) {
    Litestream litestream = Litestream.version(version);
    Path config = AgentYaml.of(database, replica).writeTo(configFile);
    replicateWithGrowthAndShrinkage(config);
    for (var file : replica.level(0)) {
      Path ours = recovery.restore(file.maxTxidText());
      Path theirs = folder.resolve("theirs-" + file.maxTxidText() + ".db");
      litestream.restore(replica, theirs, "-txid", file.maxTxidText()).succeeded();
      DatabaseContent.sameBytes(theirs, ours);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void weRestoreWhatLitestreamReplicated(String version) {
    Litestream litestream = Litestream.version(version);
    replicateByLitestream(litestream);
    litestream.restore(replica, byLitestream).succeeded();
    DatabaseContent.sameBytes(byLitestream, recovery.restore());
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @EnumSource
  void weRestoreWhatLitestreamReplicatedToS3(S3Servers kind) {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      replica = bucket;
      recovery = new Recovery(bucket, folder);
      replicateByLitestream(litestream);
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
    }
  }

  /** Both encodings in one chain: Litestream's, then ours, then Litestream's other one. */
  @ParameterizedTest
  @CsvSource({"0.5.15,frame", "0.5.15,block", "0.5.18,frame", "0.5.18,block"})
  void weContinueWhatLitestreamBegan(String version, String encoding) {
    Litestream litestream = Litestream.version(version);
    Litestream current = Litestream.version(Litestream.CURRENT);
    replicateByLitestream(litestream);
    Path config =
        AgentYaml.of(database, replica).setting("page-encoding: " + encoding).writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 30 3000"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    current.restore(replica, byLitestream).succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void litestreamContinuesWhatWeBegan(String version) {
    Litestream litestream = Litestream.version(version);
    replicateWithGrowthAndShrinkage(AgentYaml.of(database, replica).writeTo(configFile));
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("insert 20 3000");
      app.ask("close");
      app.exit();
    }
    litestream.replicateOnce(database, replica).succeeded();
    litestream.restore(replica, byLitestream).succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  /** The page that holds SQLite's lock bytes lies at 1 GiB; large pages make it cheap to cross. */
  @Test
  @Tag("campaign")
  void aDatabaseBeyondTheLockPageIsExchangedBothWays() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    Path config = AgentYaml.of(database, replica).writeTo(configFile);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open page_size=65536");
      app.ask("create");
      app.ask("sql CREATE TABLE bulk(id INTEGER PRIMARY KEY, body BLOB)");
      for (int chunk = 0; chunk < 11; chunk++) {
        app.ask(
            "sql WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                + " INSERT INTO bulk(body) SELECT zeroblob(1048576) FROM n");
      }
      recovery.awaitSeq(app.ask("insert 50 3000"));
      app.ask("close");
      app.exit();
    }
    assertThat(database.toFile().length()).isGreaterThan(1L << 30);
    DatabaseContent.sameBytes(database, recovery.restore());
    litestream.restore(replica, byLitestream).succeeded();
    DatabaseContent.sameBytes(database, byLitestream);
    Replica theirs = new DirectoryReplica(folder.resolve("theirs"));
    litestream.replicateOnce(byLitestream, theirs).succeeded();
    Path back = new Recovery(theirs, folder.resolve("theirs")).restore();
    LedgerContent.of(back).isTheSameAs(LedgerContent.of(database));
  }

  private void replicateWithGrowthAndShrinkage(Path config) {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      // What follows is to be increments: the agent begins a moment after the application.
      recovery.awaitFirst();
      app.ask("insert 100 3000");
      app.ask("transaction 30 9000");
      app.ask("delete 10");
      app.ask("sql VACUUM");
      app.ask("insert 20 2000");
      app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)");
      app.ask("insert 10 500");
      app.ask("close");
      assertThat(app.exit()).isZero();
    }
  }

  private void replicateByLitestream(Litestream litestream) {
    Path log = folder.resolve("litestream.log");
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      try (Litestream.Daemon daemon = litestream.replicate(database, replica, log)) {
        recovery.awaitFirst();
        assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
        app.ask("insert 100 3000");
        app.ask("delete 10");
        app.ask("sql VACUUM");
        app.ask("insert 20 2000");
      }
      app.ask("close");
      app.exit();
    }
  }
}

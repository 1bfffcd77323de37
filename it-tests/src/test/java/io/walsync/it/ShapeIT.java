package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases of every page size that grow, shrink and are rebuilt. */
final class ShapeIT {

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void everyPageSizeIsRestoredByteForByte(int pageSize) {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open page_size=" + pageSize);
      app.ask("create");
      app.ask("insert 60 4000");
      app.ask("delete 3");
      recovery.awaitSeq(app.ask("transaction 20 30000"));
      app.ask("close");
      app.exit();
    }
    assertThat(DatabaseContent.pageSize(database)).isEqualTo(pageSize);
    DatabaseContent.sameBytes(database, recovery.restore());
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void vacuumAfterAMassDeleteShrinksTheRestoredFileToo() throws IOException {
    long sizeBefore;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 400 8000"));
      sizeBefore = Files.size(recovery.restore());
      app.ask("delete 40");
      app.ask("sql VACUUM");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("close");
      app.exit();
    }
    Path restored = recovery.restore();
    assertThat(Files.size(restored)).isLessThan(sizeBefore / 2);
    DatabaseContent.sameBytes(database, restored);
  }

  @Test
  void incrementalVacuumAndRegrowthAreFollowed() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open auto_vacuum=INCREMENTAL");
      app.ask("sql VACUUM");
      app.ask("create");
      for (int round = 0; round < 5; round++) {
        app.ask("insert 100 6000");
        app.ask("delete 8");
        app.ask("sql PRAGMA incremental_vacuum");
      }
      recovery.awaitSeq(app.ask("insert 50 20000"));
      app.ask("close");
      app.exit();
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void aTransactionThatSpillsIsRestored() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open cache_size=10");
      app.ask("create");
      recovery.awaitSeq(app.ask("transaction 800 20000"));
      app.ask("close");
      app.exit();
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void aChangeOfThePageSizeIsFollowed() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open page_size=4096");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 100 2000"));
      app.ask("sql PRAGMA journal_mode=DELETE");
      app.ask("sql PRAGMA page_size=16384");
      app.ask("sql VACUUM");
      assertThat(app.ask("sql PRAGMA journal_mode=WAL")).isEqualTo("wal");
      recovery.awaitSeq(app.ask("insert 10 2000"));
      app.ask("close");
      app.exit();
    }
    assertThat(DatabaseContent.pageSize(recovery.restore())).isEqualTo(16384);
    DatabaseContent.sameBytes(database, recovery.restore());
  }
}

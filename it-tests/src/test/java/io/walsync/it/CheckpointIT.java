package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
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

/** The application checkpoints when and how it likes, and sees what it would see without us. */
final class CheckpointIT {

  @TempDir Path folder;
  private Path database;
  private Path wal;
  private Path config;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    wal = folder.resolve("app.db-wal");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"})
  void aCheckpointOfTheApplicationIsNeverBusyAndLosesNothing(String mode) {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      String seq = "";
      for (int round = 0; round < 15; round++) {
        seq = app.ask("insert 20 1500");
        String result = app.ask("sql PRAGMA wal_checkpoint(" + mode + ")");
        assertThat(result).as("busy|log|checkpointed").startsWith("0|");
      }
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void truncateLeavesAnEmptyWal() throws IOException {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50"));
      assertThat(app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)")).isEqualTo("0|0|0");
      assertThat(Files.size(wal)).isZero();
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void theWalDoesNotGrowWithoutBound() throws IOException {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      String seq = "";
      for (int round = 0; round < 20; round++) {
        seq = app.ask("transaction 300 8000");
      }
      recovery.awaitSeq(seq);
      // About 50 MB were written; the documented threshold is a fraction of a second of writing.
      assertThat(Files.size(wal)).isLessThan(150L << 20);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void anApplicationThatSetsItsOwnAutocheckpointKeepsIt() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open wal_autocheckpoint=77");
      app.ask("create");
      assertThat(app.ask("sql PRAGMA wal_autocheckpoint")).isEqualTo("77");
      recovery.awaitSeq(app.ask("insert 300 3000"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }
}

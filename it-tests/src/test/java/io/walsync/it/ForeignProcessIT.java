package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.app.Ledger;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another process, with a SQLite of its own, works on the database of the application. */
final class ForeignProcessIT {

  private static final String APPEND = Ledger.append(99, 0, Ledger.Operation.PUT, 17, 3000) + ";";

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Replica replica;
  private Recovery recovery;
  private SqliteCli shell;

  @BeforeEach
  void place() {
    shell = SqliteCli.required();
    database = folder.resolve("app.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @Test
  void aCommitOfAnotherProcessArrivesWhileTheApplicationIsIdle() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 20"));
      shell.run(database, List.of(APPEND, APPEND)).succeeded();
      recovery.awaitSeq(22);
      assertThat(app.ask("insert 1")).isEqualTo("23");
      recovery.awaitSeq(23);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"})
  void aCheckpointOfAnotherProcessLosesNothing(String mode) {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      for (int round = 0; round < 8; round++) {
        app.ask("insert 20 2000");
        List<String> script =
            List.of(".timeout 200", APPEND, "PRAGMA wal_checkpoint(" + mode + ");", APPEND);
        shell.run(database, script).succeeded();
      }
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void vacuumByAnotherProcessIsFollowed() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 200 4000");
      app.ask("delete 20");
      shell.run(database, List.of("VACUUM;", APPEND)).succeeded();
      recovery.awaitSeq(221);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }
}

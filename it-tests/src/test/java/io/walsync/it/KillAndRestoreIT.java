package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise of the first paragraph: write, lose the machine, restore. */
final class KillAndRestoreIT {

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
  }

  @Test
  void aKilledApplicationIsRestoredFromADirectory() {
    writeKillRestore(new DirectoryReplica(folder.resolve("replica")));
  }

  @ParameterizedTest
  @EnumSource
  void aKilledApplicationIsRestoredFromS3(S3Servers kind) {
    try (BucketReplica replica = new BucketReplica(kind.server())) {
      writeKillRestore(replica);
    }
  }

  private void writeKillRestore(Replica replica) {
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      String seq = app.ask("insert 100 1000");
      recovery.awaitSeq(seq);
      app.ask("transaction 40 5000");
      app.kill();
    }
    DatabaseContent.settle(database);
    LedgerContent source = LedgerContent.of(database);
    LedgerContent restored = recovery.ledger().isPrefixOf(source);
    assertThat(restored.lastSeq()).isBetween(100L, source.lastSeq());
  }

  @Test
  void theConfigurationThatReplicatesAlsoRestores() {
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 10"));
      app.kill();
    }
    Path restored = folder.resolve("elsewhere.db");
    RestoreCommand.of(database, config).to(restored).succeeded();
    DatabaseContent.settle(database);
    LedgerContent.of(restored).isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void everyTxidInTheReplicaRestoresToACommittedState() {
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      for (int round = 0; round < 6; round++) {
        recovery.awaitSeq(app.ask("transaction 5 3000"));
      }
      app.ask("close");
      app.exit();
    }
    LedgerContent source = LedgerContent.of(database);
    long lastSeq = -1;
    for (var file : replica.level(0)) {
      LedgerContent state =
          LedgerContent.of(recovery.restore(file.maxTxidText())).isPrefixOf(source);
      assertThat(state.lastSeq()).isGreaterThanOrEqualTo(lastSeq);
      lastSeq = state.lastSeq();
    }
    assertThat(lastSeq).isEqualTo(source.lastSeq());
  }

  @Test
  void aPointInTimeBetweenTwoCommitsRestoresTheFirst() {
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    Instant between;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 10"));
      between = Instant.now();
      recovery.awaitSeq(app.ask("insert 10"));
      app.ask("close");
      app.exit();
    }
    Path restored = folder.resolve("then.db");
    RestoreCommand.from(replica).timestamp(between.toString()).to(restored).succeeded();
    assertThat(LedgerContent.of(restored).lastSeq()).isEqualTo(10);
  }

  @Test
  void aDatabaseThatWasThereBeforeTheAgentIsReplicatedWhole() {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 300 3000");
      app.ask("close");
      app.exit();
    }
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      new Recovery(replica, folder).awaitSeq(300);
      app.kill();
    }
  }
}

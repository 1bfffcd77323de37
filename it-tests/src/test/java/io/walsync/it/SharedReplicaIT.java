package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Intruder;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two writers where there should be one: neither may spoil what the other has replicated. */
final class SharedReplicaIT {

  private static final Duration NOTICE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void twoDatabasesOnOneDirectoryAreNeverMixed() {
    theFirstStaysItsWriter(new DirectoryReplica(folder.resolve("replica")));
  }

  @Test
  void twoDatabasesOnOneBucketAndPathAreNeverMixed() {
    try (BucketReplica replica = new BucketReplica(S3Servers.EMBEDDED.server())) {
      theFirstStaysItsWriter(replica);
    }
  }

  private void theFirstStaysItsWriter(Replica replica) {
    Path database = folder.resolve("app.db");
    Recovery recovery = new Recovery(replica, folder);
    try (Intruder intruder = new Intruder(folder, replica, yaml -> yaml)) {
      ForkedJvm first = intruder.first();
      ForkedJvm second = intruder.second();
      intruder.comes(recovery, "insert 300 700");
      await("the second is told").atMost(NOTICE).until(() -> isRefused(second));
      recovery.awaitSeq(first.ask("insert 20 1000"));
      assertThat(isRefused(first)).as("the rightful writer is refused").isFalse();
      first.ask("close");
      second.ask("close");
      intruder.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  private static boolean isRefused(ForkedJvm app) {
    return app.stderr().stream().anyMatch(line -> line.contains(" ERROR "));
  }

  @Test
  void twoProcessesOnOneDatabaseAreReplicatedByOneOfThem() {
    Path database = folder.resolve("app.db");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    try (ForkedJvm first = Application.replicated(database, config)) {
      first.ask("open");
      first.ask("create");
      recovery.awaitSeq(first.ask("insert 20"));
      try (ForkedJvm second = Application.replicated(database, config)) {
        second.ask("open");
        recovery.awaitSeq(second.ask("insert 20"));
        recovery.awaitSeq(first.ask("insert 20"));
        recovery.awaitSeq(second.ask("insert 20"));
        second.ask("close");
        second.exit();
      }
      recovery.awaitSeq(first.ask("insert 5"));
      first.ask("close");
      first.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void theOtherProcessTakesOverWhenTheReplicatingOneIsKilled() {
    Path database = folder.resolve("app.db");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    try (ForkedJvm first = Application.replicated(database, config);
        ForkedJvm second = Application.replicated(database, config)) {
      first.ask("open");
      first.ask("create");
      recovery.awaitSeq(first.ask("insert 20"));
      second.ask("open");
      second.ask("insert 10");
      first.kill();
      recovery.awaitSeq(second.ask("insert 10"));
      second.ask("close");
      second.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }
}

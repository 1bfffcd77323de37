package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.S3Server;
import io.walsync.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store goes away, in the middle of a request, and comes back. */
final class OutageIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path database;
  private Path config;
  private TcpProxy network;
  private BucketReplica replica;
  private Recovery recovery;

  @BeforeEach
  void place() {
    S3Server server = S3Servers.EMBEDDED.server();
    database = folder.resolve("app.db");
    network = new TcpProxy(server.endpoint());
    replica = new BucketReplica(server, network.endpoint());
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @AfterEach
  void leave() {
    replica.close();
    network.close();
  }

  @Test
  void anOutageDelaysTheReplicaAndNothingElse() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50 1000"));
      network.cut();
      for (int round = 0; round < 10; round++) {
        app.ask("insert 30 2000");
        assertThat(app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)")).startsWith("0|");
      }
      await("the agent tries").atMost(NOTICE).until(() -> network.refusedCount() > 0);
      network.mend();
      recovery.awaitSeq(350);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void theWalIsStillCheckpointedDuringAnOutage() throws IOException {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50 1000"));
      network.cut();
      long written = 0;
      String seq = "";
      for (int round = 0; round < 20; round++) {
        seq = app.ask("transaction 400 8000");
        written += 400 * 4000L;
      }
      assertThat(Files.size(folder.resolve("app.db-wal"))).isLessThan(4 * written);
      network.mend();
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void whatWasStagedDuringAnOutageSurvivesSigkillAndRestart() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50 1000"));
      network.cut();
      app.ask("insert 100 1000");
      app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)");
      await("the agent tries").atMost(NOTICE).until(() -> network.refusedCount() > 0);
      app.ask("insert 10 1000");
      app.kill();
    }
    network.mend();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(160);
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void anApplicationThatStartsDuringAnOutageIsReplicatedAfterIt() {
    network.cut();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      String seq = app.ask("insert 50 1000");
      await("the agent tries").atMost(NOTICE).until(() -> network.refusedCount() > 0);
      network.mend();
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void leavingDuringAnOutageTakesNoLongerThanTheShutdownTimeout() {
    Path shortConfig =
        AgentYaml.of(database, replica)
            .top("shutdown-timeout: 2s")
            .writeTo(folder.resolve("short.yml"));
    try (ForkedJvm app = Application.replicated(database, shortConfig)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50 1000"));
      network.cut();
      app.ask("insert 50 1000");
      app.ask("close");
      app.tell("exit");
      app.waitForExit(Duration.ofSeconds(30));
    }
    network.mend();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(100);
      app.ask("close");
      app.exit();
    }
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }
}

package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the application holds its connections, and however it leaves. */
final class ConnectionIT {

  private static final int STATES_LOOKED_AT = 12;

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @Test
  void oneConnectionForEachStatementReplicatesJustAsWell() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("each");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 150 1000"));
      assertThat(app.ask("delete 1")).isEqualTo("151");
      recovery.awaitSeq(151);
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void closingAndOpeningAgainGoesOn() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      for (int round = 0; round < 10; round++) {
        app.ask("insert 10 1000");
        app.ask("close");
        app.ask("open");
      }
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void theLastCloseRemovesTheWalAsItWouldWithoutTheAgent() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 100"));
      app.ask("close");
      assertThat(folder.resolve("app.db-wal")).doesNotExist();
      assertThat(folder.resolve("app.db-shm")).doesNotExist();
      app.exit();
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void leavingMainRightAfterABurstUploadsAllOfIt() {
    String seq;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 500 2000");
      seq = app.ask("transaction 100 9000");
      assertThat(app.exit()).isZero();
    }
    assertThat(recovery.ledger().lastSeq()).isEqualTo(Long.parseLong(seq));
  }

  /** The agent itself starts a moment later. */
  @Test
  void leavingMainRightAfterTheFirstCommitUploadsIt() {
    String seq;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      seq = app.ask("insert 1");
      assertThat(app.exit()).isZero();
    }
    assertThat(recovery.ledger().lastSeq()).isEqualTo(Long.parseLong(seq));
  }

  @Test
  void closingAndLeavingRightAfterABurstUploadsAllOfIt() {
    String seq;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 500 2000");
      seq = app.ask("transaction 100 9000");
      app.ask("close");
      assertThat(app.exit()).isZero();
    }
    assertThat(recovery.ledger().lastSeq()).isEqualTo(Long.parseLong(seq));
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void sigtermRightAfterABurstUploadsAllOfIt() {
    String seq;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      seq = app.ask("insert 500 2000");
      app.terminate(Duration.ofSeconds(60));
    }
    assertThat(recovery.ledger().lastSeq()).isGreaterThanOrEqualTo(Long.parseLong(seq));
  }

  @Test
  void severalThreadsAndShortLivedConnectionsLoseNothing() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("start threads=4 seed=7 storm=10 size=3000");
      recovery.awaitSeq(300);
      app.ask("stop");
      app.ask("close");
      assertThat(app.exit()).isZero();
    }
    LedgerContent source = LedgerContent.of(database);
    recovery.ledger().isTheSameAs(source);
    List<LtxObject> states = replica.level(0);
    for (int look = 0; look < STATES_LOOKED_AT; look++) {
      String txid = states.get(look * states.size() / STATES_LOOKED_AT).maxTxidText();
      LedgerContent.of(recovery.restore(txid)).isPrefixOf(source);
    }
  }

  @Test
  void descriptorsDoNotAccumulate() throws IOException {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("each");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 20"));
      long early = descriptorsOn(app.pid());
      recovery.awaitSeq(app.ask("insert 100"));
      assertThat(descriptorsOn(app.pid())).isLessThanOrEqualTo(early + 6);
      app.exit();
    }
  }

  /** Open descriptors on the database and its side files. */
  private long descriptorsOn(long pid) throws IOException {
    Path table = Path.of("/proc", String.valueOf(pid), "fd");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(table), "there is no " + table);
    try (Stream<Path> descriptors = Files.list(table)) {
      return descriptors.filter(this::isOnDatabase).count();
    }
  }

  private boolean isOnDatabase(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith(database.toString());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}

package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.ProcLocks;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No lock lost, no new error, no line on the output: what the agent must never do to its host. */
final class HostUnharmedIT {

  /** SQLite's SHARED lock on the database file, held by every connection in WAL mode. */
  private static final String SHARED_LOCK = "READ 1073741826-1073742335";

  /** The dead-man switch on the -shm file, held by every connection in WAL mode. */
  private static final String DEAD_MAN_SWITCH = "READ 128-128";

  @TempDir Path folder;
  private Path database;
  private Path sharedMemory;
  private Path config;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    sharedMemory = folder.resolve("app.db-shm");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @Test
  void theLocksOfTheHostNeverDisappearWhileTheAgentWorks() {
    ProcLocks.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 300 3000");
      app.ask("start threads=2 size=2000 pause=500 storm=50");
      for (int look = 0; look < 300; look++) {
        locksAreHeld(app.pid());
      }
      app.ask("stop");
      recovery.awaitSeq(app.ask("insert 1"));
      locksAreHeld(app.pid());
      app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)");
      recovery.awaitSeq(app.ask("insert 1"));
      locksAreHeld(app.pid());
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void theLastCloseReleasesEveryLock() {
    ProcLocks.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 10"));
      app.ask("close");
      assertThat(ProcLocks.of(app.pid(), database)).isEmpty();
      app.exit();
    }
  }

  @Test
  void anotherProcessThatOpensAndClosesCannotTakeTheWalAway() {
    SqliteCli shell = SqliteCli.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 50 2000"));
      for (int round = 0; round < 10; round++) {
        shell.run(database, List.of("SELECT count(*) FROM blob;")).succeeded();
        assertThat(folder.resolve("app.db-wal")).exists();
        app.ask("insert 5 2000");
      }
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void aRunWithoutTroublePrintsNothing() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 20"));
      app.ask("close");
      assertThat(app.exit()).isZero();
      assertThat(app.stderr())
          .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
      assertThat(app.stdout()).allMatch(line -> line.equals("ok") || line.startsWith("ok "));
    }
  }

  @Test
  void everyAcknowledgedCommitSurvivesKillsUnderTheAgent() {
    long acknowledged = 0;
    for (int round = 0; round < 3; round++) {
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        if (round == 0) {
          app.ask("create");
        }
        app.ask("start threads=3 storm=15 size=4000 seed=" + round);
        for (int commit = 0; commit < 20; commit++) {
          acknowledged = Long.parseLong(app.ask("insert 1"));
        }
        app.kill();
      }
    }
    DatabaseContent.settle(database);
    assertThat(LedgerContent.of(database).lastSeq()).isGreaterThanOrEqualTo(acknowledged);
  }

  /**
   * The table is read in pieces while it changes, so that one look can miss a line; a lock that is
   * really lost stays lost, since SQLite believes that it holds it.
   */
  private void locksAreHeld(long pid) {
    await("locks of the host")
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              assertThat(ProcLocks.of(pid, database)).contains(SHARED_LOCK);
              assertThat(ProcLocks.of(pid, sharedMemory)).contains(DEAD_MAN_SWITCH);
            });
  }
}

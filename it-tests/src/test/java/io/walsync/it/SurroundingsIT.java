package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.Ledger;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.ProcLocks;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What endangers a database whoever replicates it, and what the user hears of it. */
final class SurroundingsIT {

  private static final Duration HEARD = Duration.ofSeconds(60);
  private static final String OLD_SQLITE = "sqlite-jdbc-3.45.3.0.jar";

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

  private static void awaitLine(ForkedJvm app, String text) {
    await().atMost(HEARD).until(() -> countLines(app, text) > 0);
  }

  private static long countLines(ForkedJvm app, String text) {
    return app.stderr().stream().filter(line -> line.contains(text)).count();
  }

  @Test
  void aLockThatTheApplicationDroppedIsToldAndTakenAgainBeforeTheWalIsLost() throws Exception {
    ProcLocks.required();
    SqliteCli shell = SqliteCli.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5"));

      app.ask("touch " + database);
      awaitLine(app, "the kernel dropped SQLite's lock on it. The agent has taken the lock again");
      Object wal = inode();
      shell
          .run(database, List.of(Ledger.append(99, 0, Ledger.Operation.PUT, 17, 3000) + ";"))
          .succeeded();

      assertThat(inode()).as("the other process has not removed the WAL").isEqualTo(wal);
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void aLockDroppedRightAfterACommitIsToldWhileTheDatabaseRests() throws Exception {
    ProcLocks.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("insert 5");
      app.ask("touch " + database);

      awaitLine(app, "the kernel dropped SQLite's lock on it. The agent has taken the lock again");
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void aLockDroppedAtTheEndOfTheProcessIsTold() throws Exception {
    ProcLocks.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("touch " + database);
      app.exit();
      assertThat(countLines(app, "the kernel dropped SQLite's lock on it")).isEqualTo(1);
    }
  }

  @Test
  void aWalThatAnotherProcessRemovedIsToldForWhatItIs() throws Exception {
    ProcLocks.required();
    SqliteCli shell = SqliteCli.required();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("touch " + database);
      shell.run(database, List.of("SELECT count(*) FROM sqlite_schema;")).succeeded();

      awaitLine(app, "the -wal and -shm files were removed while this process had the database");
      app.ask("close");
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("close");
      app.exit();
      assertThat(countLines(app, "does not show when it is read")).isZero();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  private Object inode() throws Exception {
    return Files.getAttribute(Path.of(database + "-wal"), "unix:ino");
  }

  @Test
  void aSecondCopyOfTheDriverOnTheSameFileIsReportedOnce() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 5");
      app.ask("second " + Application.sqliteJdbc());
      awaitLine(app, "opened through two copies of sqlite-jdbc in this process");
      app.exit();
      assertThat(countLines(app, "two copies of sqlite-jdbc")).isEqualTo(1);
    }
  }

  @Test
  void aDriverWithTheWalResetBugIsNamedOnce() {
    Path driver = Path.of(System.getProperty("walsync.drivers")).resolve(OLD_SQLITE);
    ForkedJvm.Builder application =
        Application.with(driver, database).classPath(Application.slf4j()).agent(config);
    try (ForkedJvm app = application.start()) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5"));
      awaitLine(app, "SQLite 3.45.3 in the application's sqlite-jdbc has the WAL-reset bug");
      app.ask("close");
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 5"));
      app.exit();
      assertThat(countLines(app, "WAL-reset bug")).isEqualTo(1);
    }
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 5"));
      app.exit();
      assertThat(countLines(app, "WAL-reset bug")).as("a mended one").isZero();
    }
  }
}

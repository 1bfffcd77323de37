package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.Impatient;
import io.walsync.it.app.SqlShell;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switch to WAL is met by nobody in the process. */
final class JournalModeIT {

  private static final int DATABASE_COUNT = 20;
  private static final Duration SWITCH_DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Replica replica;
  private Path config;

  @BeforeEach
  void place() {
    replica = new DirectoryReplica(folder.resolve("replica"));
    config = AgentYaml.of(folder.resolve("*.db"), replica).writeTo(folder.resolve("walsync.yml"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, INSERT INTO t VALUES(1)",
    "1, SELECT count(*) FROM t",
    "6, SELECT count(*) FROM t",
  })
  void anApplicationThatWaitsForNoLockNeverMeetsIt(int threadCount, String sql) throws Exception {
    Path seed = folder.resolve("seed");
    execute(seed, "CREATE TABLE t(a)");
    try (ForkedJvm app =
        ForkedJvm.of(Impatient.class)
            .classPath(Application.classes(), Application.sqliteJdbc(), Application.slf4j())
            .agent(config)
            .arguments(folder, seed, DATABASE_COUNT, threadCount, sql, 20)
            .start()) {
      app.waitForExit(ForkedJvm.ANSWER_DEADLINE);
      assertThat(app.stderr()).noneMatch(line -> line.contains("BUSY"));
      assertThat(app.stdout()).containsExactly("ok 0");
    }
    for (int i = 0; i < DATABASE_COUNT; i++) {
      String name = "copy-" + i + ".db";
      assertThat(text(folder.resolve(name), "PRAGMA journal_mode")).isEqualTo("wal");
      Path restored =
          new Recovery(
                  new DirectoryReplica(folder.resolve("replica").resolve(name)),
                  folder.resolve("of-" + name))
              .restore();
      assertThat(text(restored, "SELECT count(*) FROM t"))
          .isEqualTo(text(folder.resolve(name), "SELECT count(*) FROM t"));
    }
  }

  @Test
  void aPoolThatStaysOpenIsSwitchedBetweenItsStatements() throws Exception {
    Path database = folder.resolve("pool.db");
    execute(database, "CREATE TABLE t(a)");
    try (ForkedJvm app = shell()) {
      for (int i = 0; i < 5; i++) {
        app.ask("open " + i + " jdbc:sqlite:" + database + " busy_timeout=0");
      }
      await()
          .atMost(SWITCH_DEADLINE)
          .until(
              () -> {
                for (int i = 0; i < 5; i++) {
                  assertThat(app.ask("sql " + i + " INSERT INTO t VALUES(1)")).isEmpty();
                }
                return app.ask("sql 0 PRAGMA journal_mode").equals("wal");
              });
      app.exit();
    }
  }

  @Test
  void theFirstCommitIsMadeInTheModeAndPageSizeThatTheApplicationChose() throws Exception {
    Path database = folder.resolve("new.db");
    try (ForkedJvm app = shell()) {
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("sql a PRAGMA page_size");
      await("nothing is written before the application does")
          .during(Duration.ofMillis(1500))
          .atMost(SWITCH_DEADLINE)
          .until(() -> Files.notExists(database) || Files.size(database) == 0);
      app.ask("sql a PRAGMA page_size=8192");
      app.ask("sql a PRAGMA auto_vacuum=FULL");
      app.ask("sql a CREATE TABLE t(a)");
      await()
          .atMost(SWITCH_DEADLINE)
          .until(
              () -> {
                app.ask("sql a SELECT count(*) FROM t");
                return app.ask("sql a PRAGMA journal_mode").equals("wal");
              });
      assertThat(app.ask("sql a PRAGMA page_size")).isEqualTo("8192");
      assertThat(app.ask("sql a PRAGMA auto_vacuum")).isEqualTo("1");
      app.exit();
    }
  }

  @Test
  void aSwitchThatWaitsForAReaderIsNoWarning() throws Exception {
    Path database = folder.resolve("read.db");
    execute(database, "CREATE TABLE t(a)");
    execute(database, "INSERT INTO t VALUES(1),(2),(3)");
    try (ForkedJvm app = shell()) {
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("unread a SELECT a FROM t");
      await("the reader is waited for in silence")
          .during(Duration.ofSeconds(3))
          .atMost(SWITCH_DEADLINE)
          .until(() -> app.stderr().stream().noneMatch(line -> line.contains(" WARN ")));
      app.ask("close a");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains(" WARN "));
    }
    assertThat(text(database, "PRAGMA journal_mode")).isEqualTo("wal");
  }

  @Test
  void aReaderOfTheFirstMomentDelaysTheSwitchByNoMoreThanItself() throws Exception {
    config =
        AgentYaml.of(folder.resolve("*.db"), replica)
            .top("logging:")
            .top("  level: debug")
            .writeTo(folder.resolve("walsync.yml"));
    Path database = folder.resolve("first.db");
    execute(database, "CREATE TABLE t(a)");
    execute(database, "INSERT INTO t VALUES(1),(2)");
    try (ForkedJvm app = shell()) {
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("sql a BEGIN");
      app.ask("sql a SELECT a FROM t");
      await().atMost(SWITCH_DEADLINE).until(() -> isSaid(app, "a transaction is not over"));
      app.ask("sql a COMMIT");
      // What a driver asks for after an INSERT, and leaves unread until the next.
      app.ask("unread a SELECT last_insert_rowid()");
      await().atMost(SWITCH_DEADLINE).until(() -> isSaid(app, ": replicating to "));
      await().until(() -> isSaid(app, ": snapshot uploaded, restorable from now on"));
      app.ask("sql a SELECT count(*) FROM t");
      assertThat(app.ask("sql a PRAGMA journal_mode")).isEqualTo("wal");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains(" WARN "));
    }
  }

  @Test
  void whatATransactionHasHeldUpIsInTheStoreIfTheProcessEndsRightAfterIt() throws Exception {
    Path database = folder.resolve("late.db");
    try (ForkedJvm app = shell()) {
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("sql a CREATE TABLE t(a)");
      app.ask("sql a BEGIN IMMEDIATE");
      app.ask("sql a INSERT INTO t VALUES(1)");
      await().atMost(SWITCH_DEADLINE).until(() -> isSaid(app, "a transaction is not over"));
      app.ask("sql a COMMIT");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("not in the store"));
    }
    Path restored =
        new Recovery(
                new DirectoryReplica(folder.resolve("replica").resolve("late.db")),
                folder.resolve("of-late"))
            .restore();
    assertThat(text(restored, "SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void connectionsThatFollowOneAnotherWithoutAPauseAreSwitchedBetweenTheirStatements()
      throws Exception {
    Path database = folder.resolve("chain.db");
    execute(database, "CREATE TABLE t(a)");
    try (ForkedJvm app = shell()) {
      String url = "jdbc:sqlite:" + database + " busy_timeout=0";
      app.ask("open a " + url);
      await()
          .atMost(SWITCH_DEADLINE)
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                assertThat(app.ask("open b " + url)).isEmpty();
                assertThat(app.ask("sql b INSERT INTO t VALUES(1)")).isEmpty();
                assertThat(app.ask("close a")).isEmpty();
                assertThat(app.ask("open a " + url)).isEmpty();
                assertThat(app.ask("sql a SELECT count(*) FROM t")).doesNotStartWith("refused");
                assertThat(app.ask("close b")).isEmpty();
                return isSaid(app, ": replicating to ");
              });
      app.ask("sql a SELECT count(*) FROM t");
      assertThat(app.ask("sql a PRAGMA journal_mode")).isEqualTo("wal");
      app.exit();
    }
  }

  private static boolean isSaid(ForkedJvm app, String words) {
    return app.stderr().stream().anyMatch(line -> line.contains(words));
  }

  private ForkedJvm shell() {
    return ForkedJvm.of(SqlShell.class)
        .classPath(Application.classes(), Application.sqliteJdbc(), Application.slf4j())
        .agent(config)
        .start();
  }

  private static void execute(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }
}

package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.SqlShell;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that the application keeps to one connection is replicated all the same. */
final class ExclusiveLockingIT {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final String WAL = "PRAGMA journal_mode=WAL";
  private static final String EXCLUSIVE = "PRAGMA locking_mode=EXCLUSIVE";

  /** Far more than the agent lets a WAL grow to before it has it checkpointed. */
  private static final long LARGE_WAL_BYTES = 40L << 20;

  @TempDir Path folder;
  private Path database;
  private Recovery recovery;
  private Path config;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  private static Stream<Path> drivers() {
    return Stream.of("3.8.11.2", "3.36.0.3", "3.54.1.0")
        .map(version -> "sqlite-jdbc-" + version + ".jar")
        .map(Path.of(System.getProperty("walsync.drivers"))::resolve);
  }

  private static Stream<Arguments> driversAndOrders() {
    return drivers()
        .flatMap(
            driver ->
                Stream.of(
                    // In the first order SQLite keeps its wal-index in memory.
                    Arguments.of(driver, List.of(EXCLUSIVE, WAL)),
                    Arguments.of(driver, List.of(WAL, "CREATE TABLE u(x)", EXCLUSIVE))));
  }

  private ForkedJvm shell(Path driver) {
    return ForkedJvm.of(SqlShell.class)
        .classPath(Application.classes(), driver, Application.slf4j())
        .agent(config)
        .start();
  }

  private ForkedJvm opened(Path driver, List<String> pragmas) {
    ForkedJvm app = shell(driver);
    app.ask("open a jdbc:sqlite:" + database);
    for (String pragma : pragmas) {
      app.ask("sql a " + pragma);
    }
    return app;
  }

  @ParameterizedTest
  @MethodSource("driversAndOrders")
  void whatItCommitsIsRestorableWhileItHasTheDatabase(Path driver, List<String> pragmas) {
    try (ForkedJvm app = opened(driver, pragmas)) {
      app.ask("sql a CREATE TABLE t(x)");
      app.ask("sql a INSERT INTO t VALUES('first')");
      awaitRows(1);
      app.ask("sql a INSERT INTO t VALUES('later')");
      awaitRows(2);
      app.ask("sql a INSERT INTO t VALUES('last')");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("not replicated"));
    }
    assertThat(text(recovery.restore())).isEqualTo("3");
    assertThat(text(database)).isEqualTo("3");
  }

  @ParameterizedTest
  @MethodSource("driversAndOrders")
  void whatACloseLeavesBehindIsAccountedFor(Path driver, List<String> pragmas) {
    try (ForkedJvm app = opened(driver, pragmas)) {
      app.ask("sql a CREATE TABLE t(x)");
      awaitRows(0);
      app.ask("sql a INSERT INTO t VALUES(1)");
      app.ask("close a");
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("sql a INSERT INTO t VALUES(2)");
      app.ask("close a");
      app.exit();
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @ParameterizedTest
  @MethodSource("driversAndOrders")
  void itsWalDoesNotGrowForEverAndItsOwnCheckpointsLoseNothing(Path driver, List<String> pragmas)
      throws IOException {
    try (ForkedJvm app = opened(driver, pragmas)) {
      app.ask("sql a CREATE TABLE t(x)");
      awaitRows(0);
      for (int i = 0; i < 120; i++) {
        app.ask("sql a PRAGMA wal_autocheckpoint=" + (i % 3) * 50);
        app.ask("sql a INSERT INTO t VALUES(randomblob(1000000))");
        app.ask("sql a DELETE FROM t WHERE rowid < " + (i - 3));
        if (i % 40 == 39) {
          app.ask("sql a PRAGMA wal_checkpoint(TRUNCATE)");
        }
        assertThat(Files.size(folder.resolve("app.db-wal"))).isLessThan(LARGE_WAL_BYTES);
      }
      // The value is the application's still, though the agent checkpoints for it.
      app.ask("sql a PRAGMA wal_autocheckpoint=77");
      app.ask("close a");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("comparing every page"));
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void whoGivesTheDatabaseBackHasItsOwnCheckpointsAgain() {
    Path driver = Application.sqliteJdbc();
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)", EXCLUSIVE))) {
      app.ask("sql a INSERT INTO t VALUES(1)");
      awaitRows(1);
      app.ask("sql a PRAGMA wal_autocheckpoint=77");
      assertThat(app.ask("sql a PRAGMA locking_mode=NORMAL")).isEqualTo("normal");
      assertThat(app.ask("sql a PRAGMA wal_autocheckpoint")).isEqualTo("77");
      app.ask("sql a INSERT INTO t VALUES(2)");
      awaitRows(2);
      app.ask("open b jdbc:sqlite:" + database);
      app.ask("sql b INSERT INTO t VALUES(3)");
      awaitRows(3);
      app.exit();
    }
  }

  /** Nothing is missing while the application does nothing for so long, so nothing is told. */
  private static void isNotTold(ForkedJvm app, Duration idle) {
    await()
        .during(idle)
        .atMost(idle.plus(DEADLINE))
        .until(() -> app.stderr().stream().noneMatch(line -> line.contains("not replicated")));
  }

  /** The answer of the PRAGMA is not read, so it ends with the next statement, seconds later. */
  @ParameterizedTest
  @MethodSource("driversAndOrders")
  void whoGivesTheDatabaseBackAndThenDoesNothingForLongIsFollowedStill(
      Path driver, List<String> pragmas) {
    try (ForkedJvm app = opened(driver, pragmas)) {
      app.ask("reuse a CREATE TABLE t(x)");
      app.ask("reuse a INSERT INTO t VALUES(1)");
      awaitRows(1);
      app.ask("reuse a PRAGMA locking_mode=NORMAL");
      // Longer than the agent stays away for a statement that does not end.
      isNotTold(app, Duration.ofMillis(1_500));
      app.ask("reuse a INSERT INTO t VALUES(2)");
      awaitRows(2);
      app.ask("reuse a INSERT INTO t VALUES(3)");
      app.exit();
    }
    assertThat(text(recovery.restore())).isEqualTo("3");
  }

  /** SQLite keeps the file to itself until the connection's next statement. */
  @ParameterizedTest
  @MethodSource("drivers")
  void whoGivesTheDatabaseBackAtOnceAndDoesNothingAfterwardsIsReplicatedAtOnce(Path driver) {
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)"))) {
      app.ask("sql a PRAGMA busy_timeout=1234");
      app.ask("sql a " + EXCLUSIVE);
      app.ask("sql a INSERT INTO t VALUES(1)");
      assertThat(app.ask("sql a PRAGMA locking_mode=NORMAL")).isEqualTo("normal");
      awaitRows(1);
      assertThat(app.ask("sql a PRAGMA busy_timeout")).isEqualTo("1234");
      assertThat(app.stderr()).noneMatch(line -> line.contains("not replicated"));
      app.exit();
    }
  }

  /** SQLite keeps the file until the connection's next statement, and the agent follows it. */
  @Test
  void whoDoesNotReadTheAnswerAndDoesNothingForLongIsReplicated() {
    Path driver = Application.sqliteJdbc();
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)"))) {
      recovery.awaitFirst();
      app.ask("reuse a " + EXCLUSIVE);
      app.ask("reuse a INSERT INTO t VALUES(1)");
      app.ask("reuse a PRAGMA locking_mode=NORMAL");
      awaitRows(1);
      // Longer than a connection that cannot be followed is waited for.
      isNotTold(app, Duration.ofSeconds(7));
      app.ask("reuse a INSERT INTO t VALUES(2)");
      awaitRows(2);
      assertThat(app.stderr()).noneMatch(line -> line.contains("not replicated"));
      app.exit();
    }
  }

  /** The setting is in force from the first step on, and the PRAGMA does not end. */
  @ParameterizedTest
  @MethodSource("drivers")
  void whoKeepsTheAnswerOpenIsReplicatedAllTheSame(Path driver) {
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)"))) {
      recovery.awaitFirst();
      app.ask("unread a " + EXCLUSIVE);
      app.ask("sql a INSERT INTO t VALUES(1)");
      awaitRows(1);
      app.ask("sql a INSERT INTO t VALUES(2)");
      awaitRows(2);
      assertThat(app.stderr()).noneMatch(line -> line.contains("not replicated"));
      app.exit();
    }
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aScriptThatKeepsTheDatabaseAndGivesItBackIsReplicatedAtOnce(Path driver) {
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)"))) {
      app.ask(
          "script a PRAGMA locking_mode=EXCLUSIVE;INSERT INTO t VALUES(1);"
              + "PRAGMA locking_mode=NORMAL");
      awaitRows(1);
      assertThat(app.stderr()).noneMatch(line -> line.contains("not replicated"));
      app.exit();
    }
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void theCommitsOfAScriptAreReplicatedWhileItRuns(Path driver) {
    try (ForkedJvm app = opened(driver, List.of(WAL, "CREATE TABLE t(x)", EXCLUSIVE))) {
      app.ask("sql a INSERT INTO t VALUES(1)");
      awaitRows(1);
      String endless = ";INSERT INTO t SELECT count(*) FROM n WHERE i < 0";
      Thread script =
          new Thread(
              () ->
                  app.ask(
                      "script a CREATE TEMP VIEW n AS WITH RECURSIVE r(i) AS"
                          + " (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r;"
                          + "INSERT INTO t VALUES(2);INSERT INTO t VALUES(3);INSERT INTO t VALUES(4)"
                          + endless));
      script.setDaemon(true);
      script.start();
      // The last one before the endless one cannot be told from one that is not counted yet.
      awaitRows(3);
      app.kill();
    }
  }

  /** What it commits before it has the WAL begin anew stands in the WAL no more when it ends. */
  @ParameterizedTest
  @MethodSource("driversAndOrders")
  void ofAScriptThatCheckpointsAmongItsCommitsNothingIsMissed(Path driver, List<String> pragmas) {
    String script =
        "INSERT INTO t VALUES(randomblob(9000));PRAGMA wal_checkpoint(TRUNCATE);"
            + "INSERT INTO t VALUES(randomblob(9000));PRAGMA wal_autocheckpoint=1;"
            + "INSERT INTO t VALUES(randomblob(9000));INSERT INTO t VALUES(randomblob(9000))";
    try (ForkedJvm app = opened(driver, pragmas)) {
      app.ask("sql a CREATE TABLE t(x)");
      for (int rows = 4; rows <= 12; rows += 4) {
        awaitRows(rows - 4);
        app.ask("script a " + script);
      }
      awaitRows(12);
      app.ask("close a");
      app.exit();
    }
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @Test
  void whatIsNotGivenBackIsTold() {
    try (ForkedJvm app = opened(Application.sqliteJdbc(), List.of(WAL, "CREATE TABLE t(x)"))) {
      app.ask("sql a INSERT INTO t VALUES(1)");
      app.ask(
          "script a PRAGMA locking_mode=EXCLUSIVE;INSERT INTO t VALUES(2);"
              + "BEGIN;PRAGMA locking_mode=NORMAL");
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  app.stderr().stream()
                      .anyMatch(line -> line.contains("SQLite gives the file back only when")));
      app.ask("sql a COMMIT");
      awaitRows(2);
      await()
          .atMost(DEADLINE)
          .until(() -> app.stderr().stream().anyMatch(line -> line.contains("replicating again")));
      app.exit();
    }
  }

  @Test
  void inRollbackModeItIsSaidAtOnceAndNotWaitedForAtTheEnd() throws Exception {
    try (ForkedJvm app = opened(Application.sqliteJdbc(), List.of(EXCLUSIVE))) {
      app.ask("sql a CREATE TABLE t(x)");
      await()
          .atMost(DEADLINE)
          .until(() -> app.stderr().stream().anyMatch(line -> line.contains("rollback-journal")));
      assertThat(app.stderr().stream().filter(line -> line.contains("WARN")).findFirst())
          .hasValueSatisfying(line -> assertThat(line).contains("locking_mode=EXCLUSIVE"));
      // From now on it is in WAL mode, by the only connection that can switch it.
      app.ask("sql a PRAGMA journal_mode=WAL");
      app.ask("sql a INSERT INTO t VALUES(1)");
      awaitRows(1);
      app.exit();
    }
  }

  @Test
  void aFirstStatementThatGoesOnForLongIsTold() {
    try (ForkedJvm app = opened(Application.sqliteJdbc(), List.of(WAL, "CREATE TABLE t(x)"))) {
      app.ask("close a");
      app.exit();
    }
    try (ForkedJvm app = opened(Application.sqliteJdbc(), List.of())) {
      app.ask("close a");
      app.ask("open a jdbc:sqlite:" + database + "?locking_mode=EXCLUSIVE");
      Thread endless =
          new Thread(
              () ->
                  app.ask(
                      "sql a INSERT INTO t WITH RECURSIVE n(i) AS"
                          + " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"));
      endless.setDaemon(true);
      endless.start();
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  app.stderr().stream()
                      .anyMatch(line -> line.contains("no statement of it has ended since")));
      app.kill();
    }
  }

  /** The first statement after the attach is the last, and how earlier ones ended nobody saw. */
  @ParameterizedTest
  @MethodSource("drivers")
  void theLastCommitAfterAnAttachIsReplicatedWhileTheConnectionIsIdle(Path driver) {
    ForkedJvm.Builder application =
        ForkedJvm.of(SqlShell.class).classPath(Application.classes(), driver, Application.slf4j());
    try (ForkedJvm app = application.start()) {
      app.ask("open a jdbc:sqlite:" + database);
      app.ask("sql a " + EXCLUSIVE);
      app.ask("sql a " + WAL);
      app.ask("sql a CREATE TABLE t(x)");
      RestoreCommand.cli(Map.of(), "attach", String.valueOf(app.pid()), config.toString())
          .succeeded();
      app.ask("sql a INSERT INTO t VALUES(1)");
      awaitRows(1);
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("not in the store"));
    }
  }

  private void awaitRows(int count) {
    recovery.awaitFirst();
    await()
        .atMost(DEADLINE)
        .ignoreExceptions()
        .until(() -> text(recovery.restore()).equals(String.valueOf(count)));
  }

  private static String text(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

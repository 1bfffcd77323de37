package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.teststore.AgentLines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DbTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";
  private static final String MANY_ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
          + " SELECT randomblob(500) FROM n";

  /** File systems note times no finer than the kernel's tick. */
  private static final long CLOCK_TICK_MILLIS = 20;

  @TempDir Path folder;

  private void assertRestoresTo(ReplicatedDatabase database) throws Exception {
    File restored = database.restore(folder.resolve("restored.db"));
    assertThat(Files.mismatch(restored.toPath(), database.file.toPath())).isEqualTo(-1);
  }

  @Test
  void theFirstSightIsASnapshotAndCommitsFollowFromTxid2() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      assertThat(database.uploaded(0).get(0).minTxid().value()).isEqualTo(2);
      assertRestoresTo(database);
    }
  }

  @Test
  void aConnectionForEachStatementLosesNothing() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE);
      }
      for (int i = 0; i < 200; i++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(ROW);
        }
        assertThat(new File(database.file + "-wal")).doesNotExist();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestoresTo(database);
    }
  }

  @Test
  void aRollbackJournalDatabaseIsSwitchedEvenIfConnectionsLastOneStatement() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(TABLE);
      }
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
      }
      database.drain();
      assertThat(lines.with("INFO", "switched from a rollback journal to WAL")).hasSize(1);
      assertRestoresTo(database);
    }
  }

  @Test
  void aCloseThatIsTheLastForSqliteButNotForTheApplicationHidesNothing() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      for (int i = 0; i < 20; i++) {
        ReplicatedDatabase.App first = database.open();
        first.execute(WAL, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)", MANY_ROWS);
        // SQLite does not know of a connection that has not read anything yet.
        ReplicatedDatabase.App second = database.open();
        first.execute("PRAGMA wal_checkpoint(FULL)");
        first.close();
        second.execute("PRAGMA wal_checkpoint(TRUNCATE)", ROW);
        second.close();
      }
      database.awaitUploaded();
      assertRestoresTo(database);
    }
  }

  @Test
  void aJournalModeThatTheApplicationSetsIsItsOwnWhileItHasTheDatabaseOpen() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.awaitUploaded();
        app.execute("PRAGMA journal_mode=delete");
        try (ReplicatedDatabase.App second = database.open()) {
          for (int i = 0; i < 20; i++) {
            database.takeTurn();
          }
          // Out of WAL mode this would be an error beside another connection.
          second.execute("PRAGMA journal_mode=delete", ROW);
        }
        app.execute("PRAGMA page_size=8192", "VACUUM", WAL, ROW);
        database.awaitUploaded();
        assertThat(app.text("PRAGMA page_size")).isEqualTo("8192");
      }
      database.awaitUploaded();
      assertRestoresTo(database);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("PRAGMA journal_mode=truncate", ROW);
      }
      database.awaitUploaded();
      assertRestoresTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "checkpoint"})
  void whatIsWrittenOverALargeRolledBackTransactionIsNotLostByWhatFollowsAtOnce(String what)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW, "PRAGMA cache_size=10", "CREATE TABLE big(v)");
        database.awaitUploaded();
        app.execute("BEGIN");
        app.execute("INSERT INTO big SELECT randomblob(80000000)");
        // A commit's worth of looks: the agent has read what the transaction spilled.
        for (int i = 0; i < 3; i++) {
          database.takeTurn();
        }
        app.execute("ROLLBACK", "INSERT INTO t(v) VALUES('after the rollback')");
        if (what.equals("checkpoint")) {
          app.execute("PRAGMA wal_checkpoint(RESTART)", ROW);
        }
      }
      database.awaitUploaded();
      assertRestoresTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"})
  void anApplicationsOwnCheckpointIsNotBusyAndLosesNothing(String mode) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE);
        for (int i = 0; i < 10; i++) {
          app.execute(MANY_ROWS, "PRAGMA wal_checkpoint(" + mode + ")", ROW);
        }
        database.drain();
      }
      database.drain();
      assertRestoresTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 4096, 65536})
  void everyPageSizeSurvivesGrowthShrinkAndVacuum(int pageSize) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("PRAGMA page_size=" + pageSize, WAL, TABLE, MANY_ROWS);
        database.drain();
        app.execute("DELETE FROM t WHERE id % 3 > 0", "VACUUM", ROW);
        app.execute("DELETE FROM t", "VACUUM", MANY_ROWS, MANY_ROWS);
        database.drain();
        app.execute("DROP TABLE t", TABLE, ROW);
      }
      database.drain();
      assertRestoresTo(database);
    }
  }

  @Test
  void afterARestartOnlyWhatDiffersIsUploaded() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
      }
      database.drain();
      int uploadedBefore = database.uploaded(0).size();
      database.restartAgent();
      writeUnseen(database.file, "UPDATE t SET v = randomblob(500) WHERE id = 1000");
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      long uploadedSince =
          database.uploaded(0).stream()
              .skip(uploadedBefore)
              .mapToLong(file -> file.sizeBytes())
              .sum();
      assertThat(uploadedSince).isLessThan(database.file.length() / 10);
      assertRestoresTo(database);
    }
  }

  @Test
  void lostLocalStateIsReadBackFromTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
        app.execute(ROW);
      }
      database.drain();
      database.stopAgent();
      deleteRecursively(folder.resolve(".app.db-walsync"));
      writeUnseen(database.file, ROW);
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestoresTo(database);
    }
  }

  @Test
  void aDatabaseBehindItsReplicaIsRefusedAndNothingTouched() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
      }
      database.drain();
      byte[] older = Files.readAllBytes(database.file.toPath());
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("UPDATE t SET v = randomblob(500) WHERE id % 10 = 0");
        database.drain();
      }
      database.drain();
      database.stopAgent();
      deleteRecursively(folder.resolve(".app.db-walsync"));
      Files.write(database.file.toPath(), older);
      int uploaded = database.uploaded(0).size();
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        database.drain();
        assertThat(database.db().describeState()).isEqualTo("REFUSED");
      }
      assertThat(database.uploaded(0)).hasSize(uploaded);
      assertThat(Files.readAllBytes(database.file.toPath())).isEqualTo(older);
    }
  }

  @Test
  void anotherDatabaseWithTheSameSchemaIsRefusedAndTheRightfulWriterGoesOn() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        ReplicatedDatabase intruder = new ReplicatedDatabase(other, database.replicaFolder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, "CREATE TABLE empty(a)", MANY_ROWS);
        database.drain();
        try (ReplicatedDatabase.App intruding = intruder.open()) {
          intruding.execute(WAL, TABLE, "CREATE TABLE empty(a)", MANY_ROWS, ROW);
          intruder.drain();
          assertThat(intruder.db().describeState()).isEqualTo("REFUSED");
        }
        app.execute(ROW);
        database.drain();
        assertThat(database.db().describeState()).isEqualTo("REPLICATING");
      }
      database.drain();
      assertRestoresTo(database);
    }
  }

  @Test
  void aDatabaseDeletedAndMadeAnewInItsPlaceGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      for (int life = 0; life < 3; life++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(WAL, "CREATE TABLE t" + life + "(id INTEGER PRIMARY KEY, v)");
          app.execute("INSERT INTO t" + life + "(v) VALUES(randomblob(90000))");
          database.drain();
        }
        database.drain();
        assertRestoresTo(database);
        database.stopAgent();
        Files.delete(database.file.toPath());
        database.startAgent();
      }
      assertThat(database.uploaded(9)).hasSize(1);
    }
  }

  @Test
  void localStateOlderThanTheReplicaIsRebuilt() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
      }
      database.drain();
      database.stopAgent();
      Path olderState = folder.resolve("older-state");
      copyRecursively(folder.resolve(".app.db-walsync"), olderState);
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW, MANY_ROWS);
        database.drain();
      }
      database.drain();
      database.stopAgent();
      deleteRecursively(folder.resolve(".app.db-walsync"));
      copyRecursively(olderState, folder.resolve(".app.db-walsync"));
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestoresTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDatabaseAndStatePutBackTogetherAreRefusedAtEveryStart(boolean isWrittenSince)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
      }
      database.drain();
      database.stopAgent();
      Path older = Files.createDirectory(folder.resolve("older"));
      copyRecursively(folder.resolve(".app.db-walsync"), older.resolve("state"));
      Files.copy(database.file.toPath(), older.resolve("app.db"));
      database.startAgent();
      for (int i = 0; i < 3; i++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute("UPDATE t SET v = randomblob(500) WHERE id % 100 = 0", ROW);
          database.drain();
        }
      }
      database.drain();
      database.stopAgent();
      deleteRecursively(folder.resolve(".app.db-walsync"));
      copyRecursively(older.resolve("state"), folder.resolve(".app.db-walsync"));
      Files.write(database.file.toPath(), Files.readAllBytes(older.resolve("app.db")));
      if (isWrittenSince) {
        writeUnseen(database.file, MANY_ROWS, ROW);
      }
      int uploaded = database.uploaded(0).size();
      for (int start = 0; start < 2; start++) {
        database.startAgent();
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(ROW);
          database.drain();
          assertThat(database.db().describeState()).isEqualTo("REFUSED");
        }
        database.stopAgent();
      }
      assertThat(database.uploaded(0)).hasSize(uploaded);
      assertThat(database.uploaded(9)).hasSize(1);
    }
  }

  @Test
  void aReplicaThatLostItsFilesGetsANewSnapshot() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
        app.execute(ROW);
      }
      database.drain();
      database.stopAgent();
      database.client().delete(database.uploaded(0));
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(2);
      assertRestoresTo(database);
    }
  }

  @Test
  void aSecondWriterIsFencedAndNothingOfTheFirstIsOverwritten() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        long next = database.uploaded(0).size() + 2L;
        Path foreign =
            folder.resolve("replica/ltx/0/" + Txid.of(next) + "-" + Txid.of(next) + ".ltx");
        Files.createDirectories(foreign.getParent());
        Files.write(foreign, new byte[200]);
        app.execute(ROW);
        database.drain();
        assertThat(database.db().describeState()).isEqualTo("REFUSED");
        assertThat(Files.readAllBytes(foreign)).isEqualTo(new byte[200]);
      }
    }
  }

  private static void deleteRecursively(Path path) throws IOException {
    try (Stream<Path> below = Files.walk(path)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void copyRecursively(Path from, Path to) throws IOException {
    try (Stream<Path> below = Files.walk(from)) {
      for (Path each : below.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  @Test
  void aForeignWriterIsSeenByThePoll() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        writeUnseen(database.file, ROW, ROW);
        database.drain();
      }
      database.drain();
      assertRestoresTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aForeignWriterThatComesAndGoesRightAfterTheLastCloseIsSeen(boolean isShortLived)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, MANY_ROWS);
        database.drain();
      }
      ReplicatedDatabase.App app = database.open();
      app.execute(ROW);
      if (!isShortLived) {
        database.drain();
      }
      app.closeBefore(
          () -> {
            long closed = System.currentTimeMillis();
            while (System.currentTimeMillis() < closed + CLOCK_TICK_MILLIS) {
              Thread.onSpinWait();
            }
            writeUnseen(database.file, "UPDATE t SET v = randomblob(500) WHERE id = 1000");
            return null;
          });
      database.drain();
      assertRestoresTo(database);
      assertThat(database.uploaded(9)).hasSize(1);
    }
  }

  private static void writeUnseen(File file, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}

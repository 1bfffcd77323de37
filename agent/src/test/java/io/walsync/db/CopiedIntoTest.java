package io.walsync.db;

import static io.walsync.db.Operator.assertRefused;
import static io.walsync.db.Operator.assertRestores;
import static io.walsync.db.Operator.assertRestoresAlike;
import static io.walsync.db.Operator.newest;
import static io.walsync.db.Operator.restore;
import static io.walsync.db.Operator.runEach;
import static io.walsync.db.Operator.writeWithoutAgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.AgentLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An older file is copied into the database's own, so that the file is the one that the folder
 * knows, and is written before the agent looks.
 */
class CopiedIntoTest {

  private static final String ROW = "INSERT INTO t(v) VALUES('a few bytes')";
  private static final String OTHER_ROW = "INSERT INTO t(v) VALUES('others of their own')";

  @TempDir Path folder;

  private static void begin(ReplicatedDatabase database) throws Exception {
    runEach(database, "PRAGMA journal_mode=wal", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", ROW);
  }

  private static void copyInto(ReplicatedDatabase database, byte[] content) throws IOException {
    Object inode = Files.getAttribute(database.file.toPath(), "unix:ino");
    Files.write(database.file.toPath(), content);
    assertThat(Files.getAttribute(database.file.toPath(), "unix:ino")).isEqualTo(inode);
  }

  private static Connection connect(ReplicatedDatabase database) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database.file);
  }

  private static void write(Connection connection, String... statements) throws SQLException {
    for (String sql : statements) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private static void assertGoesOn(ReplicatedDatabase database) throws Exception {
    Txid newest = newest(database);
    runEach(database, ROW, ROW);
    assertThat(newest(database)).isGreaterThan(newest);
    assertRestores(database);
  }

  @Test
  void anOlderFileOfWhichSqliteCountsFewerChangesIsRefused() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      begin(database);
      byte[] older = Files.readAllBytes(database.file.toPath());
      runEach(database, "CREATE TABLE a(x)");
      runEach(database, "CREATE TABLE b(x)");
      runEach(database, "INSERT INTO a VALUES('theirs')");
      database.stopAgent();
      copyInto(database, older);
      writeWithoutAgent(database, ROW, "CREATE TABLE c(x)");
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("ERROR", "SQLite has counted fewer changes")).hasSize(1);
    }
  }

  @Test
  void anOlderFileIsToldWhereNothingTells() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      begin(database);
      byte[] older = Files.readAllBytes(database.file.toPath());
      runEach(database, OTHER_ROW, OTHER_ROW);
      Txid newest = newest(database);
      database.stopAgent();
      copyInto(database, older);
      writeWithoutAgent(database, ROW, ROW);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows", newest.toString())).hasSize(1);
    }
  }

  @Test
  void anOlderFileIsRefusedWhereNothingTellsIfThatIsWanted() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, "behind: refuse")) {
      begin(database);
      byte[] older = Files.readAllBytes(database.file.toPath());
      runEach(database, OTHER_ROW, OTHER_ROW);
      database.stopAgent();
      copyInto(database, older);
      writeWithoutAgent(database, ROW, ROW);
      database.startAgent();
      assertRefused(database, ROW);
    }
  }

  @Test
  void theNewestStateGoesOnInSilenceThoughItWasWritten() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      begin(database);
      runEach(database, OTHER_ROW, "INSERT INTO t(v) VALUES(hex(zeroblob(9000)))");
      database.stopAgent();
      writeWithoutAgent(database, ROW, "VACUUM", "CREATE INDEX i ON t(v)", "REINDEX");
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN")).isEmpty();
    }
  }

  /** Its process was killed, and others have checkpointed since. */
  @Test
  void aLaterRunOfTheWalThatTheFolderKnowsGoesOnWithoutReadingTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines();
        Connection other = connect(database)) {
      begin(database);
      write(other, "SELECT count(*) FROM t");
      runEach(database, ROW, OTHER_ROW);
      database.stopAgent();
      write(other, "PRAGMA wal_autocheckpoint=0", "UPDATE t SET v = 'changed'");
      write(other, "PRAGMA wal_checkpoint(RESTART)", ROW, "PRAGMA wal_checkpoint", ROW);
      database.startAgent();
      runEach(database, ROW, ROW);
      write(other, "PRAGMA wal_checkpoint(TRUNCATE)");
      assertRestoresAlike(database, "written by both");
      assertThat(lines.with("reading back")).isEmpty();
      assertThat(lines.with("WARN")).isEmpty();
    }
  }

  @Test
  void whatWaitsForTheStoreIsNotGivenUpForAnOlderFile() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      begin(database);
      Txid stored = newest(database);
      byte[] older = Files.readAllBytes(database.file.toPath());
      Path away = folder.resolve("away");
      Files.move(database.replicaFolder.toPath(), away);
      Files.writeString(database.replicaFolder.toPath(), "no folder, so that nothing is stored");
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(OTHER_ROW);
      }
      String waiting = DatabaseText.of(database.file);
      database.stopAgent();
      Files.delete(database.replicaFolder.toPath());
      Files.move(away, database.replicaFolder.toPath());
      copyInto(database, older);
      writeWithoutAgent(database, ROW);
      database.startAgent();
      assertGoesOn(database);
      Txid kept = Txid.of(stored.value() + 1);
      assertThat(lines.with("WARN", "nothing shows", stored + " to " + kept)).hasSize(1);
      Path restored = folder.resolve("kept.db");
      restore(database, RestoreTarget.at(kept), restored);
      assertThat(DatabaseText.of(restored.toFile())).isEqualTo(waiting);
    }
  }
}

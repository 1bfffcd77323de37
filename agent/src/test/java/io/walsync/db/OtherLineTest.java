package io.walsync.db;

import static io.walsync.db.Operator.assertRefused;
import static io.walsync.db.Operator.assertRestores;
import static io.walsync.db.Operator.deleteAgentFolder;
import static io.walsync.db.Operator.newest;
import static io.walsync.db.Operator.note;
import static io.walsync.db.Operator.restore;
import static io.walsync.db.Operator.restoreInPlace;
import static io.walsync.db.Operator.runEach;
import static io.walsync.db.Operator.writeWithoutAgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.AgentLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two machines go on from one state of a replica, one after the other, and the first has written
 * its database while nobody looked: every page that the second has changed is changed there too.
 */
class OtherLineTest {

  private static final String ROW = "INSERT INTO t(v) VALUES('a few bytes')";
  private static final String OTHER_ROW = "INSERT INTO t(v) VALUES('others of their own')";

  @TempDir Path folder;

  private Path here;
  private Path there;

  @BeforeEach
  void makeMachines() throws IOException {
    here = Files.createDirectory(folder.resolve("here"));
    there = Files.createDirectory(folder.resolve("there"));
  }

  private static void begin(ReplicatedDatabase database) throws Exception {
    runEach(database, "PRAGMA journal_mode=wal", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", ROW);
  }

  /** Another machine restores the newest state and goes on from it. */
  private void goOnThere(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase other = new ReplicatedDatabase(there, database.replicaFolder)) {
      other.stopAgent();
      restore(database, RestoreTarget.latest(), other.file.toPath());
      other.startAgent();
      runEach(other, statements);
    }
  }

  private static void assertGoesOn(ReplicatedDatabase database) throws Exception {
    Txid newest = newest(database);
    runEach(database, ROW, ROW);
    assertThat(newest(database)).isGreaterThan(newest);
    assertRestores(database);
  }

  /** Both lines number as many rows, so that the page of the numbers is the same in both. */
  @Test
  void aPageThatBothLinesHaveChangedAlikeIsNoSignOfTheNewestState() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      runEach(
          database,
          "PRAGMA journal_mode=wal",
          "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
          ROW);
      Path older = folder.resolve("older.db");
      restore(database, RestoreTarget.latest(), older);
      runEach(database, OTHER_ROW);
      database.stopAgent();
      try (ReplicatedDatabase other = new ReplicatedDatabase(there, database.replicaFolder)) {
        other.stopAgent();
        Files.move(older, other.file.toPath());
        writeWithoutAgent(other, ROW);
        other.startAgent();
        runEach(other, "SELECT count(*) FROM t");
        assertThat(lines.with("WARN", "nothing shows whether it comes from")).hasSize(1);
      }
    }
  }

  @Test
  void aDatabaseThatTheFolderKnowsAtAnOlderStateIsRefused() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      Txid left = newest(database);
      database.stopAgent();
      goOnThere(database, OTHER_ROW, OTHER_ROW);
      writeWithoutAgent(database, ROW, ROW);
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("ERROR", "the state of TXID " + left)).hasSize(1);
      database.restartAgent();
      assertRefused(database, ROW);
    }
  }

  @Test
  void nothingIsSaidOfTheReplicaBeforeItIsAsked() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here)) {
      begin(database);
      database.stopAgent();
      goOnThere(database, OTHER_ROW);
      writeWithoutAgent(database, ROW);
      database.startAgent();
      try (AgentLines lines = new AgentLines()) {
        assertRefused(database, ROW);
        assertThat(lines.with("going on after")).isEmpty();
        assertThat(lines.with("pages are not as the replica has them")).isEmpty();
      }
    }
  }

  @Test
  void aFolderThatIsRebuiltSaysWhereItGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      database.stopAgent();
      goOnThere(database, OTHER_ROW, OTHER_ROW);
      restoreInPlace(database, RestoreTarget.latest());
      String newest = "going on after TXID " + newest(database);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("INFO", newest)).isNotEmpty();
      assertThat(lines.with("WARN", "nothing shows")).isEmpty();
    }
  }

  @Test
  void anotherFileOfWhichNothingTellsGoesOnAndIsSaid() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      Txid left = newest(database);
      database.stopAgent();
      Path kept = Files.copy(database.file.toPath(), folder.resolve("kept.db"));
      goOnThere(database, OTHER_ROW, OTHER_ROW);
      Files.move(kept, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
      writeWithoutAgent(database, ROW, ROW);
      String goneOver = Txid.of(left.value() + 1) + " to " + newest(database);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows", goneOver)).hasSize(1);
    }
  }

  @Test
  void anOwnOldCopyThatWasWrittenIsNotTakenForTheNewestStateInSilence() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      Path kept = Files.copy(database.file.toPath(), folder.resolve("kept.db"));
      runEach(database, OTHER_ROW, OTHER_ROW);
      database.stopAgent();
      Files.move(kept, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
      writeWithoutAgent(database, ROW, ROW);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows")).hasSize(1);
    }
  }

  @Test
  void aDatabaseOfWhichSqliteCountsFewerChangesIsRefusedAlsoWithoutAFolder() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      runEach(database, "CREATE TABLE u(v)", "INSERT INTO u VALUES('left alone')");
      database.stopAgent();
      goOnThere(database, "CREATE TABLE a(x)");
      try (ReplicatedDatabase other = new ReplicatedDatabase(there, database.replicaFolder)) {
        runEach(other, "CREATE TABLE b(x)");
        runEach(other, OTHER_ROW);
      }
      writeWithoutAgent(database, "CREATE TABLE c(x)", ROW);
      deleteAgentFolder(database);
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("ERROR", "SQLite has counted fewer changes")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRestoredOlderStateThatWasWrittenIsRefused(boolean isFolderKept) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here)) {
      begin(database);
      Txid older = newest(database);
      runEach(database, OTHER_ROW, OTHER_ROW);
      database.stopAgent();
      note(database, restoreInPlace(database, RestoreTarget.at(older))).write(database.file);
      writeWithoutAgent(database, ROW, ROW);
      if (!isFolderKept) {
        deleteAgentFolder(database);
      }
      database.startAgent();
      assertRefused(database, ROW);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRestoredNewestStateGoesOnThoughItWasWritten(boolean isFolderKept) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      database.stopAgent();
      goOnThere(database, OTHER_ROW, OTHER_ROW);
      note(database, restoreInPlace(database, RestoreTarget.latest())).write(database.file);
      writeWithoutAgent(database, ROW, ROW);
      if (!isFolderKept) {
        deleteAgentFolder(database);
      }
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows")).isEmpty();
    }
  }

  @Test
  void theNewestStateOfALargerDatabaseIsKnownByThePagesThatWereLeftAlone() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      runEach(database, "CREATE TABLE u(v)");
      database.stopAgent();
      goOnThere(database, OTHER_ROW, "INSERT INTO u VALUES('a few')");
      restoreInPlace(database, RestoreTarget.latest());
      writeWithoutAgent(database, ROW);
      deleteAgentFolder(database);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ROW,
        "VACUUM",
        "CREATE INDEX byValue ON t(v)",
        "INSERT INTO t(v) VALUES(zeroblob(20000))",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900)"
            + " INSERT INTO t(v) SELECT 'row ' || x FROM n"
      })
  void theNewestStateIsKnownByItsRowsWhereEveryPageWasWrittenSince(String written)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      database.stopAgent();
      goOnThere(database, OTHER_ROW, "INSERT INTO t(v) VALUES(hex(zeroblob(4000)))");
      restoreInPlace(database, RestoreTarget.latest());
      writeWithoutAgent(database, written, ROW);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows")).isEmpty();
    }
  }

  /** The newest TXID is the same on both lines; the one before it is not. */
  @Test
  void anOlderCopyThatWasChangedAlikeIsNotTakenForTheNewestStateInSilence() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here);
        AgentLines lines = new AgentLines()) {
      begin(database);
      // Whose database it is shows in pages that nobody writes, whenever the agent first looks.
      runEach(database, "CREATE TABLE unwritten AS SELECT hex(randomblob(9000)) AS v");
      Path kept = Files.copy(database.file.toPath(), folder.resolve("kept.db"));
      runEach(database, "ALTER TABLE t ADD c", "UPDATE t SET c = id");
      database.stopAgent();
      Files.move(kept, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
      writeWithoutAgent(database, "ALTER TABLE t ADD d", "UPDATE t SET d = id");
      deleteAgentFolder(database);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "nothing shows")).hasSize(1);
    }
  }

  @Test
  void rowsThatWereDeletedThereAreMissedToo() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(here)) {
      begin(database);
      runEach(database, OTHER_ROW);
      database.stopAgent();
      goOnThere(database, "DELETE FROM t WHERE id = 2");
      writeWithoutAgent(database, ROW);
      database.startAgent();
      assertRefused(database, ROW);
    }
  }
}

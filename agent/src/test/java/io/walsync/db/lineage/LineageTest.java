package io.walsync.db.lineage;

import static io.walsync.db.Operator.assertRefused;
import static io.walsync.db.Operator.assertRestores;
import static io.walsync.db.Operator.deleteAgentFolder;
import static io.walsync.db.Operator.newest;
import static io.walsync.db.Operator.note;
import static io.walsync.db.Operator.restoreInPlace;
import static io.walsync.db.Operator.run;
import static io.walsync.db.Operator.writeWithoutAgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.ReplicatedDatabase;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.testkit.Folders;
import io.walsync.teststore.AgentLines;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that comes to a replica without the folder that has written it. */
class LineageTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String[] SCHEMA = {
    WAL,
    "CREATE TABLE IF NOT EXISTS state(id INTEGER PRIMARY KEY, running)",
    "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)",
    "INSERT OR IGNORE INTO state VALUES(1, 0)"
  };
  private static final String START = "UPDATE state SET running = 1";
  private static final String END = "UPDATE state SET running = 0";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  /** An application that notes in its database that it runs. */
  private static void runFlag(ReplicatedDatabase database, int rowCount) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(SCHEMA);
      app.execute(START);
      for (int row = 0; row < rowCount; row++) {
        app.execute(ROW);
        if (row % 3 == 0) {
          database.drain();
        }
      }
      database.drain();
      app.execute(END);
      database.drain();
    }
    database.drain();
  }

  /** The disk is gone, and the database comes from the replica. */
  private static RestoreResult moveToNewMachine(ReplicatedDatabase database, RestoreTarget target)
      throws Exception {
    database.stopAgent();
    deleteAgentFolder(database);
    return restoreInPlace(database, target);
  }

  private static void assertGoesOn(ReplicatedDatabase database) throws Exception {
    assertRestores(database);
    assertThat(database.uploaded(LtxFileInfo.LEVEL_SNAPSHOT)).hasSize(1);
  }

  @Test
  void pagesThatReturnToOlderContentsDoNotMakeADatabaseOld() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      for (int deployment = 0; deployment < 4; deployment++) {
        runFlag(database, 7);
        assertGoesOn(database);
        moveToNewMachine(database, RestoreTarget.latest());
        database.startAgent();
      }
    }
  }

  @Test
  void aFlagAloneThatIsBackWhereItWasIsTheNewestStateAndItsCommits() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, SCHEMA);
      run(database, START);
      moveToNewMachine(database, RestoreTarget.latest());
      database.startAgent();
      run(database, END);
      assertGoesOn(database);
      assertThat(newest(database).value()).isGreaterThan(2);
    }
  }

  @Test
  void aDatabaseVacuumedRightAfterItsRestoreGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 60);
      run(database, "DELETE FROM t WHERE id % 2 = 0");
      moveToNewMachine(database, RestoreTarget.latest());
      database.startAgent();
      run(database, "VACUUM", ROW);
      assertGoesOn(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDatabaseRestoredToAnEarlierTimeIsRefusedAlsoOnceItIsWritten(boolean isNoted)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      runFlag(database, 9);
      Txid earlier = newest(database);
      runFlag(database, 9);
      RestoreResult restored = moveToNewMachine(database, RestoreTarget.at(earlier));
      if (isNoted) {
        note(database, restored).write(database.file);
      }
      database.startAgent();
      assertRefused(database, ROW);
      database.restartAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("the state of TXID " + earlier)).isNotEmpty();
    }
  }

  @Test
  void aRestoreLeavesWhatSparesReadingTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      runFlag(database, 20);
      note(database, moveToNewMachine(database, RestoreTarget.latest())).write(database.file);
      database.startAgent();
      runFlag(database, 5);
      assertGoesOn(database);
      assertThat(lines.with("reading back")).isEmpty();
      assertThat(RestoredState.read(database.file)).isNull();
    }
  }

  @Test
  void aDatabaseOfTheNewestStateIsKnownByWhatIsRecordedBesideTheNewestFile() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      runFlag(database, 20);
      RestoreResult restored = moveToNewMachine(database, RestoreTarget.latest());
      LtxFileInfo newest = restored.plan().newest();
      long recorded = database.client().recordedDatabaseChecksum(newest);
      // Not every file system can record it.
      assertThat(recorded).isIn(restored.checksum(), 0L);
      database.startAgent();
      runFlag(database, 5);
      assertGoesOn(database);
      assertThat(lines.with("reading back")).hasSize(recorded == 0 ? 1 : 0);
    }
  }

  @Test
  void everyFileHasTheChecksumOfTheDatabaseAfterItRecorded() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 9);
      run(database, "DELETE FROM t WHERE id < 5", "VACUUM", ROW);
      for (LtxFileInfo file : database.uploaded(LtxFileInfo.LEVEL_L0)) {
        long recorded = database.client().recordedDatabaseChecksum(file);
        File restored = folder.resolve("at" + file.maxTxid() + ".db").toFile();
        RestoreResult result =
            new Restore(
                    database.client(),
                    RestoreOptions.defaults().withChecksum(true),
                    RestoreProgress.NONE)
                .run(RestoreTarget.at(file.maxTxid()), restored);
        assertThat(recorded).isIn(result.checksum(), 0L);
        assertThat(result.checksum())
            .isEqualTo(
                BaselineTest.checksum(Files.readAllBytes(restored.toPath()), result.pageSize()));
      }
    }
  }

  @Test
  void aNoteIsNotBelievedOfAFileThatWasPutInTheRestoredOnesPlace() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 9);
      byte[] older = Files.readAllBytes(database.file.toPath());
      runFlag(database, 9);
      note(database, moveToNewMachine(database, RestoreTarget.latest())).write(database.file);
      Files.write(database.file.toPath(), older);
      database.startAgent();
      assertRefused(database, ROW);
    }
  }

  @Test
  void aRefusalStandsUntilTheNewestStateIsRestored() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 9);
      Txid earlier = newest(database);
      runFlag(database, 9);
      moveToNewMachine(database, RestoreTarget.at(earlier));
      database.startAgent();
      assertRefused(database, ROW);
      // Checkpointed by its close: nothing shows what it was before any more.
      for (int start = 0; start < 3; start++) {
        database.restartAgent();
        assertRefused(database, ROW, ROW);
      }
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.latest());
      database.startAgent();
      runFlag(database, 3);
      assertGoesOn(database);
      assertThat(folder.resolve(".app.db-walsync/refused")).doesNotExist();
    }
  }

  @Test
  void theNewestRefusalIsTheOneThatIsShown() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 9);
      Txid first = newest(database);
      runFlag(database, 9);
      Txid second = newest(database);
      runFlag(database, 9);
      moveToNewMachine(database, RestoreTarget.at(first));
      database.startAgent();
      assertRefused(database, ROW);
      Path shown = folder.resolve(".app.db-walsync/refused");
      assertThat(shown).content().contains("TXID " + first);
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.at(second));
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(shown).content().contains("TXID " + second).doesNotContain("TXID " + first);
    }
  }

  @Test
  void aNewDatabaseNeverBecomesTheNewestStateOfAnothersReplica() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        ReplicatedDatabase empty = new ReplicatedDatabase(other, database.replicaFolder)) {
      runFlag(database, 2);
      for (int start = 0; start < 4; start++) {
        assertRefused(empty, SCHEMA);
        assertRefused(empty, START, ROW, END);
        empty.restartAgent();
      }
      runFlag(database, 2);
      assertGoesOn(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOldCopyOfTheFolderBesideACompleteDatabaseIsRebuilt(boolean isCheckpointed)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 9);
      Path older = Files.createDirectory(folder.resolve("older")).resolve("state");
      ReplicatedDatabase.App app = database.open();
      app.execute(START, ROW);
      database.drain();
      Folders.copy(folder.resolve(".app.db-walsync"), older);
      app.execute(ROW, ROW);
      database.drain();
      app.execute(ROW);
      database.drain();
      database.stopAgent();
      app.execute(ROW);
      deleteAgentFolder(database);
      Folders.copy(older, folder.resolve(".app.db-walsync"));
      if (isCheckpointed) {
        app.connection.close();
      }
      database.startAgent();
      run(database, ROW, END);
      if (!isCheckpointed) {
        app.connection.close();
        run(database, ROW);
      }
      assertGoesOn(database);
    }
  }

  @Test
  void aDatabaseOfWhichNoPageIsAsItWasGoesOnIfItsWalDoes() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        ReplicatedDatabase.App app = database.open()) {
      app.execute(SCHEMA);
      for (int row = 0; row < 40; row++) {
        app.execute("INSERT INTO t(v) VALUES(randomblob(3000))");
      }
      database.drain();
      database.stopAgent();
      deleteAgentFolder(database);
      for (int run = 0; run < 3; run++) {
        app.execute("PRAGMA wal_checkpoint(RESTART)");
        app.execute("UPDATE t SET v = randomblob(3000)", START);
      }
      database.startAgent();
      run(database, ROW);
      app.connection.close();
      run(database, END);
      assertGoesOn(database);
    }
  }

  @Test
  void aDatabaseWrittenWithoutTheAgentAfterItsRestoreGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 60);
      moveToNewMachine(database, RestoreTarget.latest());
      writeWithoutAgent(database, START, ROW, END);
      database.startAgent();
      runFlag(database, 3);
      assertGoesOn(database);
    }
  }
}

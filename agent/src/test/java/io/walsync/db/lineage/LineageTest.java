package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.Folders;
import io.walsync.db.ReplicatedDatabase;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.teststore.AgentLines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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

  private static void run(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
      database.drain();
    }
    database.drain();
  }

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
  private RestoreResult moveToNewMachine(ReplicatedDatabase database, RestoreTarget target)
      throws Exception {
    database.stopAgent();
    deleteFolder();
    return restoreOver(database, target);
  }

  private RestoreResult restoreOver(ReplicatedDatabase database, RestoreTarget target)
      throws IOException {
    // Beside it: this process keeps a descriptor of the database, which a restore would find.
    File beside = folder.resolve("beside.db").toFile();
    RestoreResult result =
        new Restore(
                database.client(),
                RestoreOptions.defaults().withChecksum(true),
                RestoreProgress.NONE)
            .run(target, beside);
    Files.move(beside.toPath(), database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
    return result;
  }

  private void deleteFolder() throws IOException {
    Folders.delete(folder.resolve(".app.db-walsync"));
  }

  private void assertRestores(ReplicatedDatabase database) throws Exception {
    File restored = database.restore(folder.resolve("restored.db"));
    assertThat(Files.mismatch(restored.toPath(), database.file.toPath())).isEqualTo(-1);
    assertThat(database.uploaded(LtxFileInfo.LEVEL_SNAPSHOT)).hasSize(1);
  }

  private static void assertRefused(ReplicatedDatabase database, String... statements)
      throws Exception {
    int uploaded = database.uploaded(LtxFileInfo.LEVEL_L0).size();
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
      database.drain();
      assertThat(database.db().describeState()).isEqualTo("REFUSED");
    }
    assertThat(database.uploaded(LtxFileInfo.LEVEL_L0)).hasSize(uploaded);
  }

  private static Txid newest(ReplicatedDatabase database) throws IOException {
    var files = database.uploaded(LtxFileInfo.LEVEL_L0);
    return files.get(files.size() - 1).maxTxid();
  }

  @Test
  void pagesThatReturnToOlderContentsDoNotMakeADatabaseOld() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      for (int deployment = 0; deployment < 4; deployment++) {
        runFlag(database, 7);
        assertRestores(database);
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
      assertRestores(database);
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
      assertRestores(database);
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
        note(database, restored);
      }
      database.startAgent();
      assertRefused(database, ROW);
      database.restartAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("the state of TXID " + earlier)).isNotEmpty();
    }
  }

  private static void note(ReplicatedDatabase database, RestoreResult restored) throws IOException {
    new RestoredState(
            "file://" + database.replicaFolder,
            restored.txid(),
            restored.plan().newest().sizeBytes(),
            restored.pageSize(),
            restored.checksum())
        .write(database.file);
  }

  @Test
  void aRestoreLeavesWhatSparesReadingTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      runFlag(database, 20);
      note(database, moveToNewMachine(database, RestoreTarget.latest()));
      database.startAgent();
      runFlag(database, 5);
      assertRestores(database);
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
      assertRestores(database);
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
      note(database, moveToNewMachine(database, RestoreTarget.latest()));
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
      restoreOver(database, RestoreTarget.latest());
      database.startAgent();
      runFlag(database, 3);
      assertRestores(database);
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
      restoreOver(database, RestoreTarget.at(second));
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
      assertRestores(database);
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
      deleteFolder();
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
      assertRestores(database);
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
      deleteFolder();
      for (int run = 0; run < 3; run++) {
        app.execute("PRAGMA wal_checkpoint(RESTART)");
        app.execute("UPDATE t SET v = randomblob(3000)", START);
      }
      database.startAgent();
      run(database, ROW);
      app.connection.close();
      run(database, END);
      assertRestores(database);
    }
  }

  @Test
  void aDatabaseWrittenWithoutTheAgentAfterItsRestoreGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      runFlag(database, 60);
      moveToNewMachine(database, RestoreTarget.latest());
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file);
          Statement statement = connection.createStatement()) {
        statement.execute(START);
        statement.execute(ROW);
        statement.execute(END);
      }
      database.startAgent();
      runFlag(database, 3);
      assertRestores(database);
    }
  }
}

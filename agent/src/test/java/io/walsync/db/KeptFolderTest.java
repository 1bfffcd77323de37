package io.walsync.db;

import static io.walsync.db.Operator.assertRefused;
import static io.walsync.db.Operator.assertRestores;
import static io.walsync.db.Operator.deleteAgentFolder;
import static io.walsync.db.Operator.newest;
import static io.walsync.db.Operator.note;
import static io.walsync.db.Operator.restoreInPlace;
import static io.walsync.db.Operator.writeWithoutAgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.BootId;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.testkit.Folders;
import io.walsync.teststore.AgentLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder stays, and what stands in the database's place is not what it was left beside. */
class KeptFolderTest {

  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  private static void run(ReplicatedDatabase database, int rowCount) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(
          "PRAGMA journal_mode=wal", "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)");
      for (int row = 0; row < rowCount; row++) {
        app.execute(ROW);
        database.drain();
      }
    }
    database.drain();
  }

  private static void put(ReplicatedDatabase database, Path file) throws IOException {
    Files.move(file, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void assertGoesOn(ReplicatedDatabase database) throws Exception {
    run(database, 2);
    assertRestores(database);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOlderStateIsRefusedUntilTheNewestIsRestored(boolean isWrittenMeanwhile) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      Txid older = newest(database);
      run(database, 4);
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.at(older));
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("the state of TXID " + older, "keep a copy of it first")).isNotEmpty();
      assertThat(lines.with("has gone on to TXID")).isNotEmpty();
      int firstLines = lines.with("has gone on to TXID").size();
      for (int start = 0; start < 2; start++) {
        database.stopAgent();
        if (isWrittenMeanwhile) {
          writeWithoutAgent(database, ROW);
        }
        database.startAgent();
        assertRefused(database, ROW);
      }
      // By then the replica may be anywhere.
      assertThat(lines.with("has gone on to TXID")).hasSize(firstLines);
      assertThat(lines.with("has gone on. ", "the state of TXID " + older)).isNotEmpty();
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.latest());
      database.startAgent();
      assertGoesOn(database);
      assertThat(folder.resolve(".app.db-walsync/refused")).doesNotExist();
    }
  }

  @Test
  void anOlderStateThatARunningApplicationPutsThereIsToldAndGoesOn() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      Txid older = newest(database);
      Path kept = Files.copy(database.file.toPath(), folder.resolve("older.db"));
      run(database, 4);
      put(database, kept);
      assertGoesOn(database);
      assertThat(lines.with("WARN", "its state of TXID " + older)).hasSize(1);
    }
  }

  @Test
  void theNewestStateGoesOnWithoutReadingTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.latest());
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("reading back")).isEmpty();
    }
  }

  @Test
  void whatSomebodyWroteMeanwhileGoesOnWithoutReadingTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      for (int start = 0; start < 3; start++) {
        database.stopAgent();
        writeWithoutAgent(database, ROW, "DELETE FROM t WHERE id = 2", "VACUUM");
        database.startAgent();
        assertGoesOn(database);
      }
      assertThat(lines.with("reading back")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFolderThatDoesNotKnowItsPastAsksTheReplica(boolean isOlder) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      Path older = Files.copy(database.file.toPath(), folder.resolve("older.db"));
      run(database, 4);
      database.stopAgent();
      Files.delete(folder.resolve(".app.db-walsync/states"));
      if (isOlder) {
        put(database, older);
      } else {
        writeWithoutAgent(database, ROW, "DELETE FROM t WHERE id = 3", "VACUUM");
      }
      database.startAgent();
      if (isOlder) {
        assertRefused(database, ROW);
      } else {
        assertGoesOn(database);
        database.stopAgent();
        writeWithoutAgent(database, ROW, "DELETE FROM t WHERE id = 3", "VACUUM");
        database.startAgent();
        assertGoesOn(database);
      }
      assertThat(lines.with("reading back")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOlderStateThatIsWantedAsTheNewestGoesOn(boolean isFolderKept) throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 4);
      Txid older = newest(database);
      run(database, 4);
      database.stopAgent();
      RestoreResult restored = restoreInPlace(database, RestoreTarget.at(older));
      if (!isFolderKept) {
        deleteAgentFolder(database);
      }
      database.startAgent();
      assertRefused(database, ROW);
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.at(older));
      note(database, restored).wantedAsNewest(true).write(database.file);
      database.startAgent();
      assertGoesOn(database);
      assertThat(newest(database).value()).isGreaterThan(8);
      assertThat(lines.with("goes on from TXID " + older)).hasSize(1);
      assertThat(RestoredState.read(database.file)).isNull();
      database.restartAgent();
      assertGoesOn(database);
      // It was wanted once.
      database.stopAgent();
      restoreInPlace(database, RestoreTarget.at(older));
      database.startAgent();
      assertRefused(database, ROW);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReplicaThatCannotBeReadBackGetsASnapshotOfADatabaseThatIsKnownToBeItsOwn(boolean isCut)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 6);
      database.stopAgent();
      Files.delete(folder.resolve(".app.db-walsync/pages.sum"));
      damage(database, isCut);
      // Not the newest state, which would be known without reading the replica.
      writeWithoutAgent(database, ROW);
      database.startAgent();
      assertGoesOn(database);
      assertThat(lines.with("WARN", "could not be restored")).hasSize(1);
      assertThat(lines.with("WARN", "cannot be written")).isEmpty();
      database.restartAgent();
      assertGoesOn(database);
    }
  }

  @Test
  void aReplicaThatCannotBeReadBackIsSaidOnceForADatabaseThatNothingKnows() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        AgentLines lines = new AgentLines()) {
      run(database, 6);
      database.stopAgent();
      deleteAgentFolder(database);
      damage(database, false);
      writeWithoutAgent(database, ROW);
      database.startAgent();
      assertRefused(database, ROW);
      assertThat(lines.with("ERROR", "cannot be read back")).hasSize(1);
      assertThat(lines.with("WARN", "cannot be written")).isEmpty();
    }
  }

  /** Of all files: no way around it is left. */
  private static void damage(ReplicatedDatabase database, boolean isCut) throws IOException {
    try (Stream<Path> files = Files.walk(database.replicaFolder.toPath())) {
      for (Path file : files.filter(each -> each.toString().endsWith(".ltx")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, isCut ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
      }
    }
  }

  @Test
  void anOldFolderAndItsDatabaseAreRefusedAlsoAfterCommitsOfShortConnections() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, 4);
      Path older = Files.createDirectory(folder.resolve("older"));
      Folders.copy(folder.resolve(".app.db-walsync"), older.resolve("state"));
      Files.copy(database.file.toPath(), older.resolve("app.db"));
      run(database, 4);
      database.stopAgent();
      deleteAgentFolder(database);
      Folders.copy(older.resolve("state"), folder.resolve(".app.db-walsync"));
      put(database, older.resolve("app.db"));
      database.startAgent();
      for (int i = 0; i < 20; i++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(ROW, "UPDATE t SET v = randomblob(300)");
        }
      }
      assertRefused(database, ROW);
    }
  }

  @Test
  void anOldFolderWithItsDatabaseAsItWasLeftIsRefusedOnceTheReplicaIsFoundAhead() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, 4);
      database.stopAgent();
      Folders.copy(folder.resolve(".app.db-walsync"), elsewhere.resolve(".app.db-walsync"));
      Files.copy(database.file.toPath(), elsewhere.resolve("app.db"));
      try (ReplicatedDatabase other = new ReplicatedDatabase(elsewhere, database.replicaFolder)) {
        run(other, 4);
      }
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW, "UPDATE t SET v = randomblob(300)");
      }
      assertRefused(database, ROW);
    }
  }

  @Test
  void aFolderFromBeforeItsFirstUploadIsNotTakenForAnotherWritersReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, 6);
      database.stopAgent();
      deleteAgentFolder(database);
      try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".app.db-walsync").toFile())) {
        String replicaUrl = "file://" + database.replicaFolder;
        staging.save(Position.before(0).of(replicaUrl, BootId.of(Disk.REAL)));
      }
      database.startAgent();
      assertGoesOn(database);
    }
  }

  @Test
  void whatTheStoreNeverGotIsGivenUpForTheNewestStateThatItHas() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      run(database, 4);
      Path kept = Files.copy(database.file.toPath(), folder.resolve("kept.db"));
      Path away = folder.resolve("away");
      Files.move(database.replicaFolder.toPath(), away);
      Files.writeString(database.replicaFolder.toPath(), "no folder, so that nothing is stored");
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
      }
      database.stopAgent();
      Files.delete(database.replicaFolder.toPath());
      Files.move(away, database.replicaFolder.toPath());
      put(database, kept);
      database.startAgent();
      assertGoesOn(database);
    }
  }
}

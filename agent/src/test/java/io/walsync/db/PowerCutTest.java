package io.walsync.db;

import static io.walsync.db.Operator.assertRestoresAlike;
import static io.walsync.db.Operator.newest;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.teststore.AgentLines;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With synchronous=NORMAL the last commits may be in the replica and not on the disk. */
class PowerCutTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  /** The disks of a machine that was started anew. */
  private final class OtherBoot extends Disk {
    @Override
    public FileInputStream read(File file) throws IOException {
      if (!file.getName().equals("boot_id")) {
        return super.read(file);
      }
      Path other = folder.resolve("boot");
      Files.writeString(other, "another boot");
      return super.read(other.toFile());
    }
  }

  private byte[] databaseOnDisk;
  private byte[] walOnDisk;

  /** The newest TXID that the disk has whole. */
  private Txid keptTxid;

  private void write(ReplicatedDatabase database) throws Exception {
    write(database, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  private void write(ReplicatedDatabase database, String afterTheFirstRow) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(WAL, TABLE, ROW);
      database.drain();
      app.execute(afterTheFirstRow, ROW);
      database.drain();
      app.execute(ROW);
      database.drain();
      keptTxid = newest(database);
      // Not whole: the next TXID has this one and the row after it.
      database.stopAgent();
      app.execute(ROW);
      databaseOnDisk = Files.readAllBytes(database.file.toPath());
      walOnDisk = Files.readAllBytes(folder.resolve("app.db-wal"));
      app.execute(ROW);
      database.startAgent();
      try (ReplicatedDatabase.App seen = database.open()) {
        seen.execute(ROW);
        database.drain();
        seen.execute(ROW);
        database.drain();
      }
      database.stopAgent();
      app.connection.close();
    }
  }

  private void cutPower(ReplicatedDatabase database) throws IOException {
    Files.write(database.file.toPath(), databaseOnDisk);
    Files.write(folder.resolve("app.db-wal"), walOnDisk);
    Files.deleteIfExists(folder.resolve("app.db-shm"));
    database.disk = new OtherBoot();
  }

  private void assertGoesOn(ReplicatedDatabase database) throws Exception {
    Txid newest = newest(database);
    int uploaded = database.uploaded(LtxFileInfo.LEVEL_L0).size();
    try (AgentLines lines = new AgentLines()) {
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      Txid firstLost = Txid.of(keptTxid.value() + 1);
      assertThat(lines.with("WARN", "TXID " + firstLost + " to " + newest)).hasSize(1);
    }
    assertRestoresAlike(database, "the newest state");
    assertThat(database.uploaded(LtxFileInfo.LEVEL_L0)).hasSizeGreaterThan(uploaded);
    assertThat(folder.resolve(".app.db-walsync/booted")).doesNotExist();
  }

  private static void assertRefused(ReplicatedDatabase database) throws Exception {
    database.startAgent();
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.drain();
      assertThat(database.db().describeState()).isEqualTo("REFUSED");
    }
    database.stopAgent();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatOnlyTheReplicaHasIsNamedAndTheDatabaseGoesOn(boolean isWrittenBeforeTheAgentLooks)
      throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database);
      cutPower(database);
      if (isWrittenBeforeTheAgentLooks) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute("PRAGMA wal_autocheckpoint=0", ROW, ROW, ROW);
          assertGoesOn(database);
        }
      } else {
        assertGoesOn(database);
      }
    }
  }

  @Test
  void whatIsCutOffADatabaseThatWasNeverCheckpointedIsNamedToo() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, ROW);
      cutPower(database);
      assertGoesOn(database);
    }
  }

  @Test
  void itIsRefusedWhereThatIsConfiguredUntilItIsNoMore() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, "behind: refuse")) {
      write(database);
      cutPower(database);
      assertRefused(database);
      assertRefused(database);
    }
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      database.stopAgent();
      database.disk = new OtherBoot();
      assertGoesOn(database);
    }
  }

  @Test
  void withoutThePowerCutTheSameIsAnOlderStateAndRefused() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database);
      cutPower(database);
      database.disk = Disk.REAL;
      Files.delete(folder.resolve(".app.db-walsync/position"));
      try (AgentLines lines = new AgentLines()) {
        assertRefused(database);
        assertThat(lines.with("ERROR", "the state of TXID " + keptTxid)).hasSize(1);
      }
    }
  }

  @Test
  void aDatabaseOfMoreThanOneRestartAgoIsRefusedAlsoAfterAnotherBoot() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database);
      byte[] oldDatabase = databaseOnDisk;
      byte[] oldWal = walOnDisk;
      database.startAgent();
      for (int run = 0; run < 3; run++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(ROW);
          database.drain();
        }
        database.drain();
      }
      database.stopAgent();
      databaseOnDisk = oldDatabase;
      walOnDisk = oldWal;
      cutPower(database);
      assertRefused(database);
    }
  }
}

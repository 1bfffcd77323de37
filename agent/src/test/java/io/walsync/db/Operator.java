package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.testkit.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;

/**
 * What whoever operates a replicated database does with it: runs the application, writes while the
 * agent is away, restores, loses the agent's folder. And what must follow: it goes on or is
 * refused.
 */
public final class Operator {

  private Operator() {}

  /** One connection of the application's, whose commits may be in one file of the replica. */
  public static void run(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
      database.drain();
    }
    database.drain();
  }

  /** One connection of the application's, each of whose commits is a file of the replica. */
  public static void runEach(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      for (String sql : statements) {
        app.execute(sql);
        database.drain();
      }
    }
    database.drain();
  }

  /** Another connection of this process, of which the agent is told nothing. */
  public static void writeWithoutAgent(ReplicatedDatabase database, String... statements)
      throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file)) {
      for (String sql : statements) {
        // A driver keeps a query open for the keys of an INSERT, and VACUUM fails beside it.
        try (Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }
    }
  }

  /** The newest TXID of the replica's increments. */
  public static Txid newest(ReplicatedDatabase database) throws IOException {
    List<LtxFileInfo> files = database.uploaded(LtxFileInfo.LEVEL_L0);
    return files.get(files.size() - 1).maxTxid();
  }

  /** Puts a state of the replica in the database's place. */
  public static RestoreResult restoreInPlace(ReplicatedDatabase database, RestoreTarget target)
      throws IOException {
    return restore(database, target, database.file.toPath());
  }

  /** Restores beside a path first: of what is there this process may keep a descriptor. */
  public static RestoreResult restore(ReplicatedDatabase database, RestoreTarget target, Path to)
      throws IOException {
    Path beside = database.file.toPath().resolveSibling("beside.db");
    RestoreOptions options = RestoreOptions.defaults().withChecksum(true);
    RestoreResult result =
        new Restore(database.client(), options, RestoreProgress.NONE).run(target, beside.toFile());
    Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING);
    return result;
  }

  /** What the command {@code restore} leaves beside a database that it has restored in place. */
  public static RestoredState note(ReplicatedDatabase database, RestoreResult restored) {
    return new RestoredState(
        "file://" + database.replicaFolder,
        restored.txid(),
        restored.plan().newest().sizeBytes(),
        restored.pageSize(),
        restored.checksum());
  }

  /** The agent's folder beside the database. */
  public static Path agentFolder(ReplicatedDatabase database) {
    return database.file.toPath().resolveSibling(".app.db-walsync");
  }

  /** Loses what the agent knows. */
  public static void deleteAgentFolder(ReplicatedDatabase database) {
    Folders.delete(agentFolder(database));
  }

  /** The database is refused when the application writes it, and its replica stays as it is. */
  public static void assertRefused(ReplicatedDatabase database, String... statements)
      throws Exception {
    List<LtxFileInfo> uploaded = database.uploaded(LtxFileInfo.LEVEL_L0);
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
      database.drain();
      assertThat(database.db().describeState()).isEqualTo("REFUSED");
    }
    database.drain();
    assertThat(database.uploaded(LtxFileInfo.LEVEL_L0)).isEqualTo(uploaded);
  }

  /** The newest state of the replica is the database, byte for byte. */
  public static void assertRestores(ReplicatedDatabase database) throws IOException {
    Path restored = database.file.toPath().resolveSibling("restored.db");
    restore(database, RestoreTarget.latest(), restored);
    assertThat(Files.mismatch(restored, database.file.toPath())).isEqualTo(-1);
  }

  /** As SQLite reads them, the newest state of the replica and the database are the same. */
  public static void assertRestoresAlike(ReplicatedDatabase database, String what)
      throws Exception {
    File restored = database.restore(database.file.toPath().resolveSibling("restored.db"));
    assertThat(DatabaseText.of(restored)).as(what).isEqualTo(DatabaseText.of(database.file));
  }
}

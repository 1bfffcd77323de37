package io.walsync.db;

import static io.walsync.db.Operator.assertRestores;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.replica.LtxFileInfo;
import io.walsync.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkingTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";
  private static final String MANY_ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
          + " SELECT randomblob(500) FROM n";

  @TempDir Path folder;

  private static void await(String what, BooleanSupplier condition) {
    Await.until(condition, Duration.ofSeconds(20), () -> what);
  }

  private static void park(ReplicatedDatabase database) {
    await(
        "parked",
        () -> {
          database.db().park();
          return database.db().isForgettable();
        });
    assertThat(database.db().isHoldingFolder()).isFalse();
  }

  private static void commit(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
    }
    database.drain();
  }

  private File stagingFolder() {
    return folder.resolve(".app.db-walsync").toFile();
  }

  @Test
  void aParkedDatabaseIsDrainedAndItsFolderFreeForAnybody() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      commit(database, WAL, TABLE, ROW);
      park(database);
      database.drain();
      assertThat(database.db().isUploaded()).isTrue();
      try (Staging free = Staging.open(Disk.REAL, stagingFolder())) {
        assertThat(free).isNotNull();
        assertThat(free.position().isDurable()).isTrue();
      }
    }
  }

  @Test
  void aParkedDatabaseGoesOnWithoutComparingAPage() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      commit(database, WAL, TABLE, MANY_ROWS);
      int before = database.uploaded(0).size();
      for (int i = 0; i < 5; i++) {
        park(database);
        commit(database, ROW);
      }
      park(database);
      try (ReplicatedDatabase.App app = database.open()) {
        database.drain();
        app.execute(ROW);
        database.drain();
      }
      database.drain();
      assertThat(database.uploaded(9)).hasSize(1);
      List<LtxFileInfo> files = database.uploaded(0);
      assertThat(files.subList(before, files.size()))
          .hasSize(6)
          .allMatch(file -> file.sizeBytes() < 20_000);
      assertRestores(database);
    }
  }

  @Test
  void anotherProcessMayReplicateWhileItIsParked() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder);
        ReplicatedDatabase other = new ReplicatedDatabase(folder)) {
      commit(database, WAL, TABLE, ROW);
      for (int i = 0; i < 3; i++) {
        park(database);
        commit(other, ROW);
        park(other);
        commit(database, ROW);
      }
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestores(database);
    }
  }

  @Test
  void aFolderThatWasDeletedMeanwhileIsMadeAnewFromTheReplica() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      commit(database, WAL, TABLE, ROW);
      park(database);
      try (Stream<Path> below = Files.walk(stagingFolder().toPath())) {
        below.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
      commit(database, ROW);
      database.awaitUploaded();
      assertRestores(database);
    }
  }

  @Test
  void nothingIsForgottenThatIsOpenOrNotLookedAtOrNotInTheStore() throws Exception {
    boolean[] isDown = {false};
    try (ReplicatedDatabase database =
        new ReplicatedDatabase(
            folder,
            client -> {
              if (isDown[0]) {
                throw new java.io.UncheckedIOException(new IOException("the store is away"));
              }
              return client;
            })) {
      commit(database, WAL, TABLE, ROW);
      park(database);
      int before = database.uploaded(0).size();
      try (ReplicatedDatabase.App app = database.open()) {
        assertThat(database.db().isForgettable()).isFalse();
        database.drain();
        isDown[0] = true;
        app.execute(ROW);
      }
      Files.delete(database.file.toPath());
      for (int i = 0; i < 20; i++) {
        database.db().park();
        database.takeTurn();
        assertThat(database.db().isForgettable()).isFalse();
      }
      isDown[0] = false;
      park(database);
      assertThat(database.uploaded(0)).hasSize(before + 1);
    }
  }

  @Test
  void aRefusedDatabaseIsForgottenOnceItIsDeleted() throws Exception {
    try (ReplicatedDatabase other =
        new ReplicatedDatabase(Files.createDirectory(folder.resolve("other")), replica())) {
      commit(other, WAL, "CREATE TABLE another(x)", "INSERT INTO another VALUES(1)");
    }
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, replica())) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        await("refused", () -> database.db().describeState().equals("REFUSED"));
      }
      for (int i = 0; i < 20; i++) {
        database.db().park();
        database.takeTurn();
        assertThat(database.db().isForgettable()).isFalse();
      }
      Files.delete(database.file.toPath());
      park(database);
    }
  }

  @Test
  void aRefusedDatabaseIsLookedAtNoMoreAndKeepsNothing() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      commit(database, WAL, TABLE, ROW);
      Path foreign = folder.resolve("replica/ltx/0/0000000000000002-0000000000000002.ltx");
      Files.createDirectories(foreign.getParent());
      Files.write(foreign, new byte[200]);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        await("refused", () -> database.db().describeState().equals("REFUSED"));
      }
      long stagedBytes = sizeOf(stagingFolder());
      int descriptorCount = descriptorsBelow(folder);
      for (int i = 0; i < 50; i++) {
        try (ReplicatedDatabase.App app = database.open()) {
          app.execute(ROW);
        }
        assertThat(descriptorsBelow(folder)).isLessThanOrEqualTo(descriptorCount);
      }
      assertThat(sizeOf(stagingFolder())).isEqualTo(stagedBytes);
      await(
          "gave its folder back",
          () -> {
            database.db().park();
            return !database.db().isHoldingFolder();
          });
      assertThat(database.db().isForgettable()).isFalse();
      assertThat(database.db().status().describePending())
          .contains("not replicated", "bytes staged in");
      assertThat(database.db().describeState()).isEqualTo("REFUSED");
      Staging.open(Disk.REAL, stagingFolder()).close();
    }
  }

  private static long sizeOf(File directory) {
    long bytes = 0;
    for (File each : directory.listFiles()) {
      bytes += each.isDirectory() ? sizeOf(each) : each.length();
    }
    return bytes;
  }

  private static int descriptorsBelow(Path directory) throws IOException {
    int count = 0;
    for (File descriptor : new File("/proc/self/fd").listFiles()) {
      try {
        count += descriptor.getCanonicalPath().startsWith(directory.toString()) ? 1 : 0;
      } catch (IOException closedMeanwhile) {
        continue;
      }
    }
    return count;
  }

  private File replica() {
    return folder.resolve("replica").toFile();
  }
}

package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.PageChecksums;
import io.walsync.files.DatabaseFile;
import io.walsync.io.Disk;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.Pgno;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {

  @TempDir Path folder;

  private File file;
  private PageChecksums table;

  @BeforeEach
  void setUp() {
    file = folder.resolve("app.db").toFile();
    table = new PageChecksums(Disk.REAL, folder.resolve("pages").toFile());
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Baseline look() throws IOException {
    return Baseline.of(file, DatabaseFile.of(file), null, table);
  }

  /** What the database is to SQLite at this moment. */
  private byte[] state() throws Exception {
    Path copy = Files.createTempDirectory(folder, "copy").resolve("app.db");
    Files.copy(file.toPath(), copy);
    Path wal = folder.resolve("app.db-wal");
    if (Files.exists(wal)) {
      Files.copy(wal, copy.resolveSibling("app.db-wal"));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
      execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    return Files.readAllBytes(copy);
  }

  static long checksum(byte[] database, int pageSize) {
    long checksum = Crc64.STORED_FLAG;
    for (int pgno = 1; pgno <= database.length / pageSize; pgno++) {
      if (pgno != Pgno.lockPage(pageSize)) {
        int offset = (pgno - 1) * pageSize;
        checksum = PageChecksum.toggle(checksum, PageChecksum.of(pgno, database, offset, pageSize));
      }
    }
    return checksum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyStateSinceTheLastCheckpointIsFoundUnderItsChecksum(long seed) throws Exception {
    Random random = new Random(seed);
    int pageSize = 512 << random.nextInt(4);
    try (Connection connection = open()) {
      execute(
          connection,
          "PRAGMA page_size=" + pageSize,
          "PRAGMA journal_mode=wal",
          "PRAGMA wal_autocheckpoint=0",
          "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      if (random.nextBoolean()) {
        execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      }
      List<byte[]> states = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        execute(connection, change(random));
        states.add(state());
      }
      Baseline baseline = look();
      assertThat(baseline.stateCount()).isGreaterThanOrEqualTo(states.size());
      for (byte[] state : states) {
        int found = baseline.find(checksum(state, pageSize));
        assertThat(found).as("seed %d, state %d", seed, states.indexOf(state)).isNotNegative();
        assertThat(baseline.commit(found)).isEqualTo(state.length / pageSize);
        PageChecksums written =
            new PageChecksums(Disk.REAL, folder.resolve("written" + found).toFile());
        baseline.writeTo(written, found);
        written.measure();
        assertThat(Crc64.STORED_FLAG | written.digest()).isEqualTo(checksum(state, pageSize));
        written.close();
      }
      assertThat(baseline.find(checksum(states.get(11), pageSize))).isEqualTo(baseline.newest());
      baseline.close();
    }
  }

  private static String change(Random random) {
    switch (random.nextInt(6)) {
      case 0:
        return "VACUUM";
      case 1:
        return "DELETE FROM t WHERE id % 3 = " + random.nextInt(3);
      case 2:
        return "INSERT INTO t(v) VALUES(zeroblob(30000))";
      default:
        return "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(5000) + "))";
    }
  }

  @Test
  void statesBeforeAPartialCheckpointAreFoundNowhereAndThoseAfterItAre() throws Exception {
    try (Connection connection = open();
        Connection reader = open()) {
      execute(
          connection,
          "PRAGMA journal_mode=wal",
          "PRAGMA wal_autocheckpoint=0",
          "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
          "INSERT INTO t(v) VALUES(randomblob(3000)), (randomblob(3000)), (randomblob(3000))",
          "PRAGMA wal_checkpoint(TRUNCATE)",
          "UPDATE t SET v = 3 WHERE id = 3");
      byte[] before = state();
      execute(connection, "UPDATE t SET v = 1 WHERE id = 1");
      execute(reader, "BEGIN");
      try (Statement statement = reader.createStatement()) {
        statement.executeQuery("SELECT count(*) FROM t").close();
      }
      byte[] atCheckpoint = state();
      execute(
          connection,
          "INSERT INTO t(v) VALUES(randomblob(9000))",
          "PRAGMA wal_checkpoint(PASSIVE)");
      execute(connection, "INSERT INTO t(v) VALUES(4)");
      byte[] after = state();
      Baseline baseline = look();
      assertThat(baseline.find(checksum(before, 4096))).isNegative();
      assertThat(baseline.find(checksum(atCheckpoint, 4096))).isNotNegative();
      assertThat(baseline.find(checksum(after, 4096))).isEqualTo(baseline.newest());
      baseline.close();
    }
  }

  @Test
  void aDatabaseThatBeganInTheWalIsNew() throws Exception {
    try (Connection connection = open()) {
      execute(connection, "PRAGMA journal_mode=wal");
      Baseline empty = look();
      assertThat(empty.isNew()).isFalse();
      assertThat(empty.isBlank()).isTrue();
      execute(connection, "CREATE TABLE t(v)");
      assertThat(look().isNew()).isTrue();
      execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES(1)");
      assertThat(look().isNew()).isFalse();
      assertThat(look().isBlank()).isFalse();
    }
  }

  @Test
  void aClosedDatabaseIsOneState() throws Exception {
    try (Connection connection = open()) {
      execute(connection, "PRAGMA journal_mode=wal", "CREATE TABLE t(v)");
    }
    Baseline baseline = look();
    assertThat(baseline.stateCount()).isEqualTo(1);
    assertThat(baseline.hasWal()).isFalse();
    assertThat(baseline.position(0)).isNull();
    assertThat(baseline.checksum(0)).isEqualTo(checksum(Files.readAllBytes(file.toPath()), 4096));
    baseline.close();
  }

  @Test
  void aTornLastFrameEndsTheStates() throws Exception {
    try (Connection connection = open()) {
      execute(
          connection,
          "PRAGMA journal_mode=wal",
          "PRAGMA wal_autocheckpoint=0",
          "CREATE TABLE t(v)",
          "INSERT INTO t VALUES(1)");
      byte[] state = state();
      execute(connection, "INSERT INTO t VALUES(2)");
      Path copy = folder.resolve("torn.db");
      byte[] wal = Files.readAllBytes(folder.resolve("app.db-wal"));
      Files.copy(file.toPath(), copy);
      Files.write(folder.resolve("torn.db-wal"), Arrays.copyOf(wal, wal.length - 1));
      Baseline torn = Baseline.of(copy.toFile(), DatabaseFile.of(copy.toFile()), null, table);
      assertThat(torn.checksum(torn.newest())).isEqualTo(checksum(state, 4096));
      torn.close();
    }
  }
}

package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of an application, other connections and an agent that is killed, each checked
 * against its replica.
 */
class DbPropertyTest {

  private static final String[] CHECKPOINTS = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
  private static final int[] PAGE_SIZES = {512, 1024, 4096, 8192};
  private static final int STEPS = 60;

  /** Where something keeps the agent from resting, the history goes on without. */
  private static final long REST_MILLIS = 400;

  @TempDir Path folder;

  private Random random;
  private ReplicatedDatabase database;
  private final List<ReplicatedDatabase.App> apps = new ArrayList<>();
  private Connection reader;
  private boolean isResting;

  static LongStream seeds() {
    long first = Long.getLong("walsync.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("walsync.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theReplicaIsTheDatabaseAfterAnyHistory(long seed) throws Exception {
    random = new Random(seed);
    List<String> history = new ArrayList<>();
    isResting = random.nextBoolean();
    try (ReplicatedDatabase replicated =
        isResting ? ReplicatedDatabase.resting(folder) : new ReplicatedDatabase(folder)) {
      database = replicated;
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(
            "PRAGMA page_size=" + PAGE_SIZES[random.nextInt(PAGE_SIZES.length)],
            "PRAGMA journal_mode=wal",
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      }
      for (int i = 0; i < STEPS; i++) {
        step(history);
      }
      if (apps.isEmpty()) {
        apps.add(database.open());
      }
      closeAll();
      database.drain();
      File restored = database.restore(folder.resolve("restored.db"));
      assertThat(Files.mismatch(restored.toPath(), database.file.toPath()))
          .as("seed %d, history %s", seed, history)
          .isEqualTo(-1);
    }
  }

  private void step(List<String> history) throws Exception {
    if (apps.isEmpty()) {
      history.add("open");
      apps.add(database.open());
    }
    int choice = random.nextInt(100);
    if (choice < 50) {
      history.add(write());
    } else if (choice < 60) {
      String mode = CHECKPOINTS[random.nextInt(CHECKPOINTS.length)];
      history.add("checkpoint " + mode);
      app().execute("PRAGMA wal_checkpoint(" + mode + ")");
    } else if (choice < 68) {
      history.add("foreign");
      foreign();
    } else if (choice < 76) {
      history.add("open");
      apps.add(database.open());
    } else if (choice < 86) {
      history.add("close");
      apps.remove(random.nextInt(apps.size())).close();
    } else if (choice < 90) {
      history.add("reader");
      toggleReader();
    } else if (choice < 93 && isResting) {
      history.add(database.awaitRest(REST_MILLIS) ? "rest" : "no rest");
    } else if (choice < 96) {
      history.add("drain and compare");
      compareContent();
    } else {
      history.add("kill agent");
      killAgent();
    }
  }

  private ReplicatedDatabase.App app() {
    return apps.get(random.nextInt(apps.size()));
  }

  private String write() throws SQLException {
    String sql;
    switch (random.nextInt(6)) {
      case 0:
        sql = "DELETE FROM t WHERE id % 4 = " + random.nextInt(4);
        break;
      case 1:
        sql = reader == null ? "VACUUM" : "UPDATE t SET v = randomblob(40) WHERE id % 50 = 0";
        break;
      case 2:
        sql =
            "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<"
                + (1 + random.nextInt(3000))
                + ") SELECT randomblob(400) FROM n";
        break;
      default:
        sql = "INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(2000) + "))";
        break;
    }
    app().execute(sql);
    return sql;
  }

  private void foreign() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t(v) VALUES('foreign')");
      if (random.nextBoolean()) {
        statement.execute("PRAGMA busy_timeout=0");
        statement.execute(
            "PRAGMA wal_checkpoint(" + CHECKPOINTS[random.nextInt(CHECKPOINTS.length)] + ")");
        statement.execute("PRAGMA busy_timeout=3000");
        statement.execute("INSERT INTO t(v) VALUES('foreign after checkpoint')");
      }
    }
  }

  private void toggleReader() throws SQLException {
    if (reader == null) {
      reader = DriverManager.getConnection("jdbc:sqlite:" + database.file);
      try (Statement statement = reader.createStatement()) {
        // After a kill somebody else may be recovering the WAL.
        statement.execute("PRAGMA busy_timeout=3000");
        statement.execute("BEGIN");
        statement.executeQuery("SELECT count(*) FROM t").close();
      }
    } else {
      reader.close();
      reader = null;
    }
  }

  /**
   * As a kill of the whole process would, but with the application's connections surviving as new
   * ones.
   */
  private void killAgent() throws Exception {
    closeAll();
    database.restartAgent();
    if (random.nextBoolean()) {
      foreign();
    }
  }

  private void closeAll() throws SQLException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    for (ReplicatedDatabase.App app : apps) {
      app.close();
    }
    apps.clear();
  }

  private void compareContent() throws Exception {
    app().execute("INSERT INTO t(v) VALUES('mark')");
    database.drain();
    File restored = database.restore(folder.resolve("restored.db"));
    assertThat(content(restored)).isEqualTo(content(database.file));
  }

  private static String content(File file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
        assertThat(check.getString(1)).isEqualTo("ok");
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT count(*) || ' ' || coalesce(sum(id), 0) || ' ' || coalesce(sum(length(v)), 0)"
                  + " FROM t")) {
        return rows.getString(1);
      }
    }
  }
}

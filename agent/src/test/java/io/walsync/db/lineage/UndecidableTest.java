package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where no rule can tell what a database comes from: two histories, one of which must not be
 * refused and one of which should be, end in the same bytes.
 */
class UndecidableTest {

  private static final String MANY_JOBS =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)"
          + " INSERT INTO t(state, v) SELECT 'new', 'job ' || x || hex(zeroblob(300)) FROM n";

  private static final String ROW = "INSERT INTO t(state, v) VALUES('new', hex(zeroblob(3000)))";

  @TempDir Path folder;

  /** Each statement on a connection of its own, as if hours lay between. */
  private static void run(Path database, String... statements) throws SQLException {
    for (String sql : statements) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private Path begun(String name) throws SQLException {
    Path database = folder.resolve(name);
    run(
        database,
        "PRAGMA journal_mode=wal",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, state, v)",
        "INSERT INTO t(state, v) VALUES('new', 'of every installation')");
    return database;
  }

  @Test
  void anOlderStateWithMoreRowsIsTheNewestInWhichUpdatesWereUndoneWithMoreRows() throws Exception {
    Path ours = begun("app.db");
    run(ours, MANY_JOBS);
    Path older = Files.copy(ours, folder.resolve("older.db"));
    for (int part = 0; part < 8; part++) {
      run(ours, "UPDATE t SET state = 'run' WHERE id % 8 = " + part);
    }
    assertThat(Files.mismatch(ours, older)).as("the newest state is another").isNotEqualTo(-1);
    run(ours, "UPDATE t SET state = 'new'", ROW, ROW);
    run(older, ROW, ROW);
    assertThat(Files.mismatch(ours, older)).isEqualTo(-1);
  }

  @Test
  void theNewestStateThatWasWrittenIsAnotherDatabaseOfTheSameApplication() throws Exception {
    Path ours = begun("app.db");
    Path others = begun("others.db");
    run(ours, "UPDATE t SET v = 'changed'", ROW);
    run(others, "UPDATE t SET v = 'changed'", ROW);
    assertThat(Files.mismatch(ours, others)).isEqualTo(-1);
  }
}

package io.walsync.it.scenario;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;

/** Pages, rows and transactions of every size. */
final class SizeScenarios {

  private SizeScenarios() {}

  static void addTo(Scenarios all) {
    for (int pageSize : new int[] {512, 1024, 8192, 65536}) {
      all.add("page-size-" + pageSize, (s, c) -> pageSize(s, pageSize));
    }
    all.add("page-size-changed-by-vacuum", SizeScenarios::pageSizeChanged);
    all.add("transaction-that-spills", (s, c) -> spill(s, c, true));
    all.add("transaction-that-spills-rolled-back", (s, c) -> spill(s, c, false));
    all.add("large-values", SizeScenarios::largeValues);
    all.add("grow-shrink-grow", SizeScenarios::growShrinkGrow);
    all.add("many-small-commits", SizeScenarios::manySmallCommits);
    all.add("first-commit-is-the-last", (s, c) -> s.update(c, "DELETE FROM t WHERE id = 1"));
    all.add("nothing-at-all", (s, c) -> s.select(c, "SELECT count(*) FROM t"));
  }

  private static void pageSize(Stage stage, int pageSize) throws Exception {
    Connection connection =
        stage.connect("jdbc:sqlite:" + stage.file(pageSize + ".db"), new Properties());
    stage.execute(connection, "PRAGMA page_size=" + pageSize);
    stage.select(connection, "PRAGMA journal_mode=WAL");
    stage.update(connection, "CREATE TABLE t(id INTEGER PRIMARY KEY, body)");
    Stage.fill(connection, "t", 1, 20, 2000);
    stage.update(connection, "DELETE FROM t WHERE id % 3 = 0");
    stage.execute(connection, "VACUUM");
    stage.select(connection, "PRAGMA page_size");
    stage.select(connection, "SELECT count(*) FROM t");
  }

  /** In WAL mode the page size stays; without, it changes, and the replica begins anew. */
  private static void pageSizeChanged(Stage stage, Connection connection) {
    stage.execute(connection, "PRAGMA page_size=8192");
    stage.execute(connection, "VACUUM");
    stage.select(connection, "PRAGMA page_size");
    stage.execute(connection, "PRAGMA journal_mode=DELETE");
    stage.update(connection, "PRAGMA page_size=8192; VACUUM");
    stage.execute(connection, "PRAGMA journal_mode=WAL");
    stage.update(connection, "INSERT INTO t VALUES(100, 'after')");
  }

  private static void spill(Stage stage, Connection connection, boolean isKept)
      throws SQLException {
    stage.execute(connection, "PRAGMA cache_size=10");
    stage.update(connection, "INSERT INTO t VALUES(100, 'before')");
    connection.setAutoCommit(false);
    Stage.fill(connection, "t", 1000, 300, 2500);
    stage.update(connection, "UPDATE t SET body = body || 'x' WHERE id % 2");
    if (isKept) {
      connection.commit();
    } else {
      connection.rollback();
    }
    connection.setAutoCommit(true);
    stage.update(connection, "INSERT INTO t VALUES(101, 'after')");
    stage.select(connection, "SELECT count(*), sum(length(body)) FROM t");
  }

  private static void largeValues(Stage stage, Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES(?, ?)")) {
      for (int id = 100; id < 103; id++) {
        insert.setInt(1, id);
        insert.setBytes(2, Stage.body(id, 400_000).getBytes(StandardCharsets.UTF_8));
        stage.attempt("insert", insert::executeUpdate);
      }
    }
    stage.update(connection, "UPDATE t SET body = substr(body, 7) WHERE id = 101");
    stage.update(connection, "DELETE FROM t WHERE id = 100");
  }

  private static void growShrinkGrow(Stage stage, Connection connection) throws SQLException {
    for (int round = 0; round < 3; round++) {
      connection.setAutoCommit(false);
      Stage.fill(connection, "t", 100, 40, 3000);
      connection.commit();
      connection.setAutoCommit(true);
      stage.update(connection, "DELETE FROM t WHERE id >= 100");
      stage.execute(connection, "VACUUM");
    }
  }

  private static void manySmallCommits(Stage stage, Connection connection) throws SQLException {
    stage.execute(connection, "PRAGMA synchronous=NORMAL");
    Stage.fill(connection, "t", 100, 400, 50);
    stage.update(connection, "DELETE FROM t WHERE id % 7 = 0");
  }
}

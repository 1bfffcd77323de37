package io.walsync.it.scenario;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Every method of JDBC that runs a statement. */
final class StatementScenarios {

  private static final String INSERT = "INSERT INTO t VALUES(?, ?)";

  private StatementScenarios() {}

  static void addTo(Scenarios all) {
    addStatements(all);
    addStrings(all);
    addPrepared(all);
    addBatches(all);
    addPreparedBatches(all);
    addKeysAndCursors(all);
  }

  private static void addStatements(Scenarios all) {
    all.add("execute", (s, c) -> s.execute(c, "INSERT INTO t VALUES(100, 'x')"));
    all.add("executeUpdate", (s, c) -> s.update(c, "UPDATE t SET body = 'y' WHERE id < 9"));
    all.add("executeUpdate-of-nothing", (s, c) -> s.update(c, "UPDATE t SET body=1 WHERE id=999"));
    all.add("executeQuery-of-an-insert", (s, c) -> s.select(c, "INSERT INTO t VALUES(100, 'x')"));
    all.add(
        "executeLargeUpdate",
        (s, c) ->
            s.attempt(
                "large update",
                () -> {
                  try (Statement statement = c.createStatement()) {
                    return statement.executeLargeUpdate("DELETE FROM t WHERE id > 10");
                  }
                }));
    all.add(
        "statements-that-fail",
        (s, c) -> {
          s.update(c, "INSERT INTO t VALUES(1, 'there already')");
          s.execute(c, "INSERT INTO t VALUES(1, 'there already')");
          s.update(c, "INSERT INTO nowhere VALUES(1)");
          s.update(c, "no sql");
          s.execute(c, "INSERT INTO t VALUES(200, 'after them')");
        });
    all.add(
        "statement-that-fails-halfway",
        (s, c) -> {
          s.update(c, "INSERT INTO u SELECT id, id FROM t");
          s.update(c, "INSERT OR FAIL INTO u SELECT 'n' || id, id % 15 FROM t");
          s.update(c, "INSERT OR ABORT INTO u SELECT 'm' || id, id % 15 FROM t");
          s.update(c, "INSERT OR IGNORE INTO u SELECT 'i' || id, id + 10 FROM t");
          s.update(c, "INSERT OR REPLACE INTO u SELECT 'r' || id, id + 3 FROM t");
        });
    all.add(
        "conflict-rolls-the-transaction-back",
        (s, c) -> {
          s.update(c, "BEGIN");
          s.update(c, "INSERT INTO t VALUES(300, 'lost')");
          s.update(c, "INSERT OR ROLLBACK INTO t VALUES(1, 'conflict')");
          s.update(c, "INSERT INTO t VALUES(301, 'kept')");
        });
  }

  private static void addStrings(Scenarios all) {
    String several =
        "INSERT INTO t VALUES(100, 'a'); INSERT INTO t VALUES(101, 'b'); DELETE FROM t WHERE id = 3";
    all.add("executeUpdate-of-several-statements", (s, c) -> s.update(c, several));
    all.add("execute-of-several-statements", (s, c) -> s.execute(c, several));
    all.add("executeQuery-of-several-statements", (s, c) -> s.select(c, "SELECT 1; " + several));
    all.add(
        "executeUpdate-of-several-that-fails-in-the-middle",
        (s, c) ->
            s.update(
                c,
                "INSERT INTO t VALUES(100, 'a'); INSERT INTO t VALUES(1, 'no');"
                    + " INSERT INTO t VALUES(101, 'b')"));
    all.add(
        "executeUpdate-of-whole-transactions",
        (s, c) ->
            s.update(
                c,
                "BEGIN; INSERT INTO t VALUES(100, 'a'); COMMIT; BEGIN; DELETE FROM t; ROLLBACK;"
                    + " -- a comment; \n /* and; another */ INSERT INTO t VALUES(102, 'c; d')"));
    all.add(
        "comments-first",
        (s, c) -> {
          s.execute(c, "-- SELECT\nINSERT INTO t VALUES(100, 'a')");
          s.execute(c, "/* SELECT */ INSERT INTO t VALUES(101, 'b')");
          s.update(c, " \n\t; INSERT INTO t VALUES(102, 'c')");
          s.execute(c, "; INSERT INTO t VALUES(103, 'd')");
        });
    all.add(
        "with-clause",
        (s, c) -> {
          s.execute(c, "WITH n(i) AS (SELECT 500) INSERT INTO t SELECT i, 'cte' FROM n");
          s.execute(c, "WITH n(i) AS (SELECT 2) DELETE FROM t WHERE id IN (SELECT i FROM n)");
          s.execute(c, "REPLACE INTO t VALUES(1, 'replaced')");
        });
    all.add(
        "explain-writes-nothing",
        (s, c) -> {
          s.select(c, "EXPLAIN QUERY PLAN DELETE FROM t");
          s.select(c, "VALUES(1), (2)");
          s.execute(c, "INSERT INTO t VALUES(100, 'but this does')");
        });
  }

  private static void addPrepared(Scenarios all) {
    all.add(
        "prepared-execute",
        (s, c) -> s.attempt(INSERT, () -> prepared(c, insert -> insert.execute())));
    all.add(
        "prepared-executeUpdate",
        (s, c) -> s.attempt(INSERT, () -> prepared(c, PreparedStatement::executeUpdate)));
    all.add(
        "prepared-executeLargeUpdate",
        (s, c) -> s.attempt(INSERT, () -> prepared(c, PreparedStatement::executeLargeUpdate)));
    all.add(
        "prepared-executeQuery",
        (s, c) -> s.attempt(INSERT, () -> prepared(c, p -> Transcript.rows(p.executeQuery()))));
    all.add(
        "prepared-used-again",
        (s, c) -> {
          try (PreparedStatement insert = c.prepareStatement(INSERT)) {
            for (int id = 100; id < 110; id++) {
              insert.setInt(1, id);
              insert.setBytes(2, new byte[] {1, 2, 3});
              s.attempt("insert", insert::executeUpdate);
            }
            s.attempt("the last again", insert::executeUpdate);
          }
        });
    all.add(
        "prepared-over-a-schema-change",
        (s, c) -> {
          try (PreparedStatement insert = c.prepareStatement("INSERT INTO t(id) VALUES(?)")) {
            insert.setInt(1, 100);
            s.attempt("before", insert::executeUpdate);
            s.update(c, "ALTER TABLE t ADD COLUMN more DEFAULT 7");
            insert.setInt(1, 101);
            s.attempt("after", insert::executeUpdate);
          }
        });
  }

  private interface Use {
    Object of(PreparedStatement statement) throws SQLException;
  }

  private static Object prepared(Connection connection, Use use) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setInt(1, 100);
      insert.setString(2, "prepared");
      return use.of(insert);
    }
  }

  private static void addBatches(Scenarios all) {
    String[] good = {
      "INSERT INTO t VALUES(100, 'a')", "UPDATE t SET body = 'b' WHERE id < 5", "DELETE FROM t"
    };
    String[] bad = {
      "INSERT INTO t VALUES(100, 'a')",
      "INSERT INTO t VALUES(1, 'there already')",
      "INSERT INTO t VALUES(101, 'c')"
    };
    String[] selecting = {"INSERT INTO t VALUES(100, 'a')", "SELECT * FROM t"};
    all.add("batch", (s, c) -> batch(s, c, good));
    all.add("batch-that-fails", (s, c) -> batch(s, c, bad));
    all.add("batch-with-a-select", (s, c) -> batch(s, c, selecting));
    all.add(
        "batch-in-a-transaction-that-fails",
        (s, c) -> {
          c.setAutoCommit(false);
          batch(s, c, bad);
          c.commit();
          c.setAutoCommit(true);
        });
    all.add(
        "large-batch",
        (s, c) ->
            s.attempt(
                "large batch",
                () -> {
                  try (Statement statement = c.createStatement()) {
                    statement.addBatch("INSERT INTO t VALUES(100, 'a')");
                    statement.addBatch("INSERT INTO t VALUES(101, 'b')");
                    return statement.executeLargeBatch();
                  }
                }));
  }

  static void batch(Stage stage, Connection connection, String... statements) {
    stage.attempt(
        "batch",
        () -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.addBatch(sql);
            }
            return statement.executeBatch();
          }
        });
  }

  private static void addPreparedBatches(Scenarios all) {
    all.add("prepared-batch", (s, c) -> preparedBatch(s, c, 100, 101, 102));
    all.add("prepared-batch-that-fails", (s, c) -> preparedBatch(s, c, 100, 1, 102));
    all.add(
        "prepared-batch-in-a-transaction",
        (s, c) -> {
          c.setAutoCommit(false);
          preparedBatch(s, c, 100, 101, 102);
          c.commit();
          preparedBatch(s, c, 103, 1, 104);
          c.rollback();
          preparedBatch(s, c, 105, 1, 106);
          c.commit();
          c.setAutoCommit(true);
        });
  }

  private static void preparedBatch(Stage stage, Connection connection, int... ids) {
    stage.attempt(
        "prepared batch",
        () -> {
          try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int id : ids) {
              insert.setInt(1, id);
              insert.setString(2, "batch");
              insert.addBatch();
            }
            return insert.executeBatch();
          }
        });
  }

  private static void addKeysAndCursors(Scenarios all) {
    all.add(
        "generated-keys",
        (s, c) ->
            s.attempt(
                "keys",
                () -> {
                  try (PreparedStatement insert =
                      c.prepareStatement(
                          "INSERT INTO t(body) VALUES('key')", Statement.RETURN_GENERATED_KEYS)) {
                    insert.executeUpdate();
                    return Transcript.rows(insert.getGeneratedKeys());
                  }
                }));
    all.add(
        "insert-while-a-select-is-open",
        (s, c) -> {
          try (Statement reading = c.createStatement();
              ResultSet rows = reading.executeQuery("SELECT id FROM t ORDER BY id")) {
            s.attempt("first row", rows::next);
            s.update(c, "INSERT INTO t VALUES(100, 'beside a reader')");
            s.attempt("second row", rows::next);
          }
        });
    all.add(
        "cursor-left-open-over-a-commit",
        (s, c) -> {
          c.setAutoCommit(false);
          Statement reading = c.createStatement();
          ResultSet rows = reading.executeQuery("SELECT id FROM t ORDER BY id");
          s.attempt("first row", rows::next);
          s.update(c, "INSERT INTO t VALUES(100, 'in a transaction')");
          s.attempt("commit", () -> commit(c));
          s.attempt("second row", rows::next);
          rows.close();
          reading.close();
          c.setAutoCommit(true);
        });
  }

  private static Object commit(Connection connection) throws SQLException {
    connection.commit();
    return "";
  }
}

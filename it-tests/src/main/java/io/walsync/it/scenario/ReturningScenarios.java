package io.walsync.it.scenario;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * RETURNING in all its forms: the statement commits when it is stepped to its end, reset or
 * finalized, whichever comes first. SQLite before 3.35 answers each with a syntax error.
 */
final class ReturningScenarios {

  private static final String RETURNING =
      "INSERT INTO t SELECT id + 100, body FROM t RETURNING id, body";

  private ReturningScenarios() {}

  static void addTo(Scenarios all) {
    all.add("returning-read-to-the-end", (s, c) -> s.select(c, RETURNING));
    all.add("returning-by-execute", (s, c) -> s.execute(c, RETURNING));
    all.add("returning-by-executeUpdate", (s, c) -> s.update(c, RETURNING));
    all.add(
        "returning-update-and-delete",
        (s, c) -> {
          s.select(c, "UPDATE t SET body = 'new' WHERE id < 5 RETURNING *");
          s.select(c, "DELETE FROM t WHERE id > 15 RETURNING id");
        });
    all.add("returning-result-closed-early", ReturningScenarios::resultClosedEarly);
    all.add("returning-statement-closed-early", ReturningScenarios::statementClosedEarly);
    all.add("returning-never-fetched", ReturningScenarios::neverFetched);
    all.add("returning-executed-again-unread", ReturningScenarios::executedAgain);
    all.add("returning-prepared-executed-again", ReturningScenarios::preparedExecutedAgain);
    all.add(
        "returning-prepared-executeUpdate",
        (s, c) ->
            s.attempt(
                "update",
                () -> {
                  try (PreparedStatement insert = c.prepareStatement(RETURNING)) {
                    return insert.executeUpdate();
                  }
                }));
    all.add(
        "returning-in-a-batch",
        (s, c) -> StatementScenarios.batch(s, c, "INSERT INTO t VALUES(100, 'a')", RETURNING));
    all.add("returning-open-beside-an-insert", ReturningScenarios::besideAnInsert);
    all.add("returning-open-at-the-close", ReturningScenarios::openAtTheClose);
    all.add("returning-in-a-transaction", ReturningScenarios::inTransaction);
  }

  private static void resultClosedEarly(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "one row",
        () -> {
          try (Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery(RETURNING);
            boolean hasRow = rows.next();
            rows.close();
            return hasRow;
          }
        });
  }

  private static void statementClosedEarly(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "one row",
        () -> {
          Statement statement = connection.createStatement();
          boolean hasRow = statement.executeQuery(RETURNING).next();
          statement.close();
          return hasRow;
        });
  }

  private static void neverFetched(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "no row",
        () -> {
          Statement statement = connection.createStatement();
          boolean hasRows = statement.execute(RETURNING);
          statement.close();
          return hasRows;
        });
  }

  private static void executedAgain(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "twice",
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t VALUES(100, 'a') RETURNING id");
            statement.execute("INSERT INTO t VALUES(101, 'b') RETURNING id");
            return "";
          }
        });
  }

  private static void preparedExecutedAgain(Stage stage, Connection connection)
      throws SQLException {
    stage.attempt(
        "three times",
        () -> {
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO t VALUES(?, 'a') RETURNING id")) {
            for (int id = 100; id < 103; id++) {
              insert.setInt(1, id);
              insert.execute();
            }
            return "";
          }
        });
  }

  private static void besideAnInsert(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "beside",
        () -> {
          try (Statement returning = connection.createStatement()) {
            ResultSet rows = returning.executeQuery(RETURNING);
            rows.next();
            stage.update(connection, "INSERT INTO u VALUES('beside', 1)");
            rows.close();
            return "";
          }
        });
  }

  private static void openAtTheClose(Stage stage, Connection connection) throws SQLException {
    stage.attempt(
        "left open",
        () -> {
          Statement statement = connection.createStatement();
          return statement.executeQuery(RETURNING).next();
        });
    connection.close();
  }

  private static void inTransaction(Stage stage, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    stage.select(connection, RETURNING);
    connection.commit();
    stage.select(connection, "DELETE FROM t RETURNING id");
    connection.rollback();
    connection.setAutoCommit(true);
  }
}

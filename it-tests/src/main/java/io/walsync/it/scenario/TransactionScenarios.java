package io.walsync.it.scenario;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;

/** How transactions begin and end. */
final class TransactionScenarios {

  private TransactionScenarios() {}

  static void addTo(Scenarios all) {
    all.add("commit-and-rollback", TransactionScenarios::commitAndRollback);
    all.add("setAutoCommit-commits", TransactionScenarios::setAutoCommitCommits);
    all.add("isolation-levels", TransactionScenarios::isolationLevels);
    all.add("savepoints", TransactionScenarios::savepoints);
    all.add("savepoint-without-a-transaction", TransactionScenarios::savepointInAutoCommit);
    all.add("explicit-by-execute", (s, c) -> explicit(s, c, true));
    all.add("explicit-by-executeUpdate", (s, c) -> explicit(s, c, false));
    all.add("sql-savepoints", TransactionScenarios::sqlSavepoints);
    all.add("deferred-constraint-fails-the-commit", TransactionScenarios::deferredConstraint);
    all.add("closed-with-an-open-transaction", TransactionScenarios::closedInside);
    all.add("two-writers-in-turns", TransactionScenarios::twoWriters);
    all.add("busy-is-returned", TransactionScenarios::busyIsReturned);
    all.add("long-reader-beside-commits", TransactionScenarios::longReader);
    all.add("immediate-transactions", (s, c) -> mode(s, "IMMEDIATE"));
    all.add("exclusive-transactions", (s, c) -> mode(s, "EXCLUSIVE"));
  }

  private static void commitAndRollback(Stage stage, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    connection.commit();
    stage.update(connection, "DELETE FROM t");
    connection.rollback();
    connection.commit();
    stage.update(connection, "INSERT INTO t VALUES(101, 'kept too')");
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void setAutoCommitCommits(Stage stage, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    connection.setAutoCommit(true);
    stage.attempt("auto-commit", connection::getAutoCommit);
  }

  private static void isolationLevels(Stage stage, Connection connection) throws SQLException {
    stage.attempt("level", connection::getTransactionIsolation);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
    stage.update(connection, "INSERT INTO t VALUES(100, 'a')");
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    stage.update(connection, "INSERT INTO t VALUES(101, 'b')");
    stage.attempt(
        "repeatable read",
        () -> {
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          return connection.getTransactionIsolation();
        });
  }

  private static void savepoints(Stage stage, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    Savepoint lost = connection.setSavepoint();
    stage.update(connection, "INSERT INTO t VALUES(101, 'lost')");
    connection.rollback(lost);
    Savepoint kept = connection.setSavepoint("kept");
    stage.update(connection, "INSERT INTO t VALUES(102, 'kept')");
    connection.releaseSavepoint(kept);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void savepointInAutoCommit(Stage stage, Connection connection)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint("outermost");
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    connection.releaseSavepoint(savepoint);
    stage.attempt("auto-commit", connection::getAutoCommit);
    stage.attempt(
        "back to auto-commit",
        () -> {
          connection.setAutoCommit(true);
          return "";
        });
  }

  private static void explicit(Stage stage, Connection connection, boolean isByExecute) {
    String[] statements = {
      "BEGIN",
      "INSERT INTO t VALUES(100, 'a')",
      "COMMIT",
      "BEGIN IMMEDIATE TRANSACTION",
      "INSERT INTO t VALUES(101, 'b')",
      "END",
      "begin exclusive",
      "INSERT INTO t VALUES(102, 'lost')",
      "rollback transaction",
      "BEGIN; INSERT INTO t VALUES(103, 'c')",
      "commit",
      "END TRANSACTION"
    };
    for (String sql : statements) {
      if (isByExecute) {
        stage.execute(connection, sql);
      } else {
        stage.update(connection, sql);
      }
    }
  }

  private static void sqlSavepoints(Stage stage, Connection connection) {
    stage.execute(connection, "SAVEPOINT a");
    stage.execute(connection, "INSERT INTO t VALUES(100, 'a')");
    stage.execute(connection, "SAVEPOINT b");
    stage.execute(connection, "INSERT INTO t VALUES(101, 'b')");
    stage.execute(connection, "ROLLBACK TO b");
    stage.execute(connection, "RELEASE b");
    stage.execute(connection, "RELEASE SAVEPOINT a");
    stage.update(connection, "SAVEPOINT c; INSERT INTO t VALUES(102, 'c'); RELEASE c");
  }

  private static void deferredConstraint(Stage stage, Connection connection) throws SQLException {
    stage.execute(connection, "PRAGMA foreign_keys=ON");
    stage.update(
        connection,
        "CREATE TABLE child(id REFERENCES t(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)");
    stage.update(connection, "INSERT INTO child SELECT id FROM t");
    stage.update(connection, "DELETE FROM t WHERE id < 5");
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO child VALUES(4711)");
    stage.attempt(
        "commit",
        () -> {
          connection.commit();
          return "";
        });
    stage.update(connection, "INSERT INTO t VALUES(4711, 'the parent')");
    stage.attempt(
        "commit again",
        () -> {
          connection.commit();
          return "";
        });
    connection.setAutoCommit(true);
  }

  private static void closedInside(Stage stage, Connection connection) throws SQLException {
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(101, 'lost')");
    Statement leftOpen = connection.createStatement();
    stage.attempt("a row", () -> leftOpen.executeQuery("SELECT * FROM t").next());
    connection.close();
  }

  private static void twoWriters(Stage stage, Connection first) throws SQLException {
    Connection second = stage.open();
    for (int id = 100; id < 120; id += 2) {
      stage.update(first, "INSERT INTO t VALUES(" + id + ", 'first')");
      second.setAutoCommit(false);
      stage.update(second, "INSERT INTO t VALUES(" + (id + 1) + ", 'second')");
      second.commit();
      second.setAutoCommit(true);
    }
    second.close();
  }

  private static void busyIsReturned(Stage stage, Connection first) throws SQLException {
    Connection second = stage.open();
    stage.execute(second, "PRAGMA busy_timeout=0");
    stage.update(first, "BEGIN IMMEDIATE");
    stage.update(first, "INSERT INTO t VALUES(100, 'first')");
    stage.update(second, "INSERT INTO t VALUES(101, 'second')");
    stage.select(second, "SELECT count(*) FROM t");
    stage.update(first, "COMMIT");
    stage.update(second, "INSERT INTO t VALUES(102, 'second')");
  }

  private static void longReader(Stage stage, Connection writer) throws SQLException {
    Connection reader = stage.open();
    reader.setAutoCommit(false);
    stage.select(reader, "SELECT count(*) FROM t");
    for (int id = 100; id < 130; id++) {
      stage.update(writer, "INSERT INTO t VALUES(" + id + ", 'beside a reader')");
    }
    stage.select(reader, "SELECT count(*) FROM t");
    reader.rollback();
    stage.select(reader, "SELECT count(*) FROM t");
    reader.close();
  }

  private static void mode(Stage stage, String mode) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("transaction_mode", mode);
    Connection connection = stage.connect("jdbc:sqlite:" + stage.database(), properties);
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(100, 'a')");
    connection.commit();
    stage.update(connection, "INSERT INTO t VALUES(101, 'lost')");
    connection.rollback();
    connection.setAutoCommit(true);
  }
}

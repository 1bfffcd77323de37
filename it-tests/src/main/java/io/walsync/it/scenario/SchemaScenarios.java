package io.walsync.it.scenario;

import java.sql.Connection;
import java.sql.SQLException;

/** Tables of every kind, and what changes them. */
final class SchemaScenarios {

  private SchemaScenarios() {}

  static void addTo(Scenarios all) {
    all.add("ddl", SchemaScenarios::ddl);
    all.add("ddl-rolled-back", SchemaScenarios::ddlRolledBack);
    all.add("create-table-as-select", (s, c) -> updates(s, c, "CREATE TABLE x AS SELECT * FROM t"));
    all.add(
        "drop-and-create-again",
        (s, c) ->
            updates(
                s,
                c,
                "DROP TABLE t",
                "CREATE TABLE t(a, b, c)",
                "INSERT INTO t VALUES(1, 2, 3)",
                "DROP TABLE u"));
    all.add(
        "without-rowid",
        (s, c) ->
            updates(
                s,
                c,
                "INSERT INTO u SELECT id, body FROM t",
                "UPDATE u SET v = v || 'x' WHERE k > '5'",
                "DELETE FROM u WHERE k < '3'"));
    all.add("truncating-delete", (s, c) -> updates(s, c, "DELETE FROM t"));
    all.add(
        "autoincrement",
        (s, c) ->
            updates(
                s,
                c,
                "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x)",
                "INSERT INTO a(x) VALUES(1)",
                "INSERT INTO a(x) VALUES(2)",
                "DELETE FROM a",
                "INSERT INTO a(x) VALUES(3)"));
    all.add(
        "triggers",
        (s, c) ->
            updates(
                s,
                c,
                "CREATE TABLE log(id, at)",
                "CREATE TRIGGER tr AFTER UPDATE ON t BEGIN INSERT INTO log VALUES(new.id, 1); END",
                "UPDATE t SET body = 'changed' WHERE id < 10",
                "DROP TRIGGER tr"));
    all.add(
        "temporary-tables",
        (s, c) ->
            updates(
                s,
                c,
                "CREATE TEMP TABLE scratch(x)",
                "INSERT INTO scratch SELECT body FROM t",
                "INSERT INTO t SELECT 1000 + rowid, x FROM scratch",
                "DROP TABLE scratch"));
    all.add("only-temporary-tables", SchemaScenarios::onlyTemporary);
    all.add(
        "full-text-and-spatial",
        (s, c) ->
            updates(
                s,
                c,
                "CREATE VIRTUAL TABLE words USING fts3(text)",
                "INSERT INTO words SELECT body FROM t",
                "INSERT INTO words(words) VALUES('optimize')",
                "CREATE VIRTUAL TABLE box USING rtree(id, x0, x1)",
                "INSERT INTO box VALUES(1, 2.0, 3.0)"));
    all.add(
        "foreign-key-cascade",
        (s, c) ->
            updates(
                s,
                c,
                "PRAGMA foreign_keys=ON",
                "CREATE TABLE child(id REFERENCES t(id) ON DELETE CASCADE)",
                "INSERT INTO child SELECT id FROM t",
                "DELETE FROM t WHERE id % 2"));
  }

  private static void updates(Stage stage, Connection connection, String... statements) {
    for (String sql : statements) {
      stage.update(connection, sql);
    }
  }

  private static void ddl(Stage stage, Connection connection) {
    stage.execute(connection, "CREATE TABLE x(a INTEGER, b TEXT DEFAULT 'b')");
    stage.execute(connection, "INSERT INTO x(a) SELECT id FROM t");
    stage.execute(connection, "CREATE UNIQUE INDEX xi ON x(a)");
    stage.execute(connection, "CREATE VIEW v AS SELECT a FROM x");
    stage.execute(connection, "ALTER TABLE x RENAME TO y");
    stage.execute(connection, "ALTER TABLE y ADD COLUMN c");
    stage.execute(connection, "ALTER TABLE y RENAME COLUMN c TO d");
    stage.execute(connection, "ALTER TABLE y DROP COLUMN d");
    stage.execute(connection, "DROP INDEX xi");
    stage.execute(connection, "DROP VIEW v");
    stage.execute(connection, "REINDEX");
    stage.execute(connection, "ANALYZE");
  }

  private static void ddlRolledBack(Stage stage, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    stage.execute(connection, "CREATE TABLE x(a)");
    stage.execute(connection, "DROP TABLE t");
    connection.rollback();
    stage.execute(connection, "CREATE TABLE y(a)");
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void onlyTemporary(Stage stage, Connection connection) {
    updates(
        stage,
        connection,
        "CREATE TEMP TABLE scratch(x)",
        "INSERT INTO scratch VALUES(1)",
        "CREATE TEMP TABLE other AS SELECT * FROM t");
    stage.select(connection, "SELECT count(*) FROM other");
  }
}

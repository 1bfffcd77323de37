package io.walsync.it.scenario;

import java.io.File;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;

/** More than one file: ATTACH, backup and restore, serialize and deserialize. */
final class FileScenarios {

  private FileScenarios() {}

  static void addTo(Scenarios all) {
    all.add("attached-new-database", (s, c) -> attached(s, c, true));
    all.add("attached-wal-database", FileScenarios::attachedExisting);
    all.add("attached-in-turns", FileScenarios::attachedInTurns);
    all.add("attached-left-attached", FileScenarios::leftAttached);
    all.add("attached-by-two-connections", FileScenarios::attachedTwice);
    all.add("attached-and-opened", FileScenarios::attachedAndOpened);
    all.add("attached-to-memory", FileScenarios::attachedToMemory);
    all.add("attached-memory-beside", FileScenarios::memoryAttached);
    all.add("attached-by-uri-and-parameter", FileScenarios::attachedByParameter);
    all.add("attach-in-a-string-of-statements", FileScenarios::attachedInScript);
    all.add("vacuum-into", FileScenarios::vacuumInto);
    all.add("backup", FileScenarios::backup);
    all.add("restore", FileScenarios::restore);
    all.add("restore-of-another-page-size", FileScenarios::restoreOfAnotherPageSize);
    all.add("serialize", FileScenarios::serialize);
    all.add("deserialize", FileScenarios::deserialize);
  }

  private static void attach(Stage stage, Connection connection, File file) {
    stage.execute(connection, "ATTACH DATABASE '" + file + "' AS other");
  }

  private static void attached(Stage stage, Connection connection, boolean isWal)
      throws SQLException {
    attach(stage, connection, stage.file("other.db"));
    if (isWal) {
      stage.select(connection, "PRAGMA other.journal_mode=WAL");
    }
    stage.update(connection, "CREATE TABLE other.o(id INTEGER PRIMARY KEY, body)");
    stage.update(connection, "INSERT INTO other.o SELECT * FROM t");
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(100, 'in both')");
    stage.update(connection, "INSERT INTO o VALUES(100, 'in both')");
    connection.commit();
    stage.update(connection, "DELETE FROM t");
    stage.update(connection, "DELETE FROM o");
    connection.rollback();
    connection.setAutoCommit(true);
    stage.update(connection, "UPDATE o SET body = 'only here' WHERE id < 5");
    stage.execute(connection, "DETACH DATABASE other");
    stage.update(connection, "INSERT INTO t VALUES(101, 'alone again')");
  }

  private static void attachedExisting(Stage stage, Connection connection) throws SQLException {
    try (Connection other = stage.open(stage.file("other.db"))) {
      Stage.run(other, "CREATE TABLE was(x)");
      Stage.run(other, "INSERT INTO was VALUES('there before')");
    }
    attached(stage, connection, true);
  }

  private static void attachedInTurns(Stage stage, Connection connection) {
    for (int round = 0; round < 5; round++) {
      attach(stage, connection, stage.file("other.db"));
      stage.select(connection, "PRAGMA other.journal_mode=WAL");
      stage.update(connection, "CREATE TABLE IF NOT EXISTS other.o(x)");
      stage.update(connection, "INSERT INTO other.o VALUES(" + round + ")");
      stage.update(connection, "DETACH other");
    }
  }

  private static void leftAttached(Stage stage, Connection connection) throws SQLException {
    attach(stage, connection, stage.file("other.db"));
    stage.select(connection, "PRAGMA other.journal_mode=WAL");
    stage.update(connection, "CREATE TABLE other.o(x)");
    stage.update(connection, "INSERT INTO other.o SELECT body FROM t");
    connection.close();
  }

  private static void attachedTwice(Stage stage, Connection first) throws SQLException {
    Connection second = stage.open();
    for (Connection connection : new Connection[] {first, second}) {
      attach(stage, connection, stage.file("other.db"));
      stage.select(connection, "PRAGMA other.journal_mode=WAL");
      stage.update(connection, "CREATE TABLE IF NOT EXISTS other.o(x)");
      stage.update(connection, "INSERT INTO other.o VALUES('one')");
    }
    stage.execute(first, "DETACH other");
    stage.update(second, "INSERT INTO other.o VALUES('still attached here')");
    second.close();
  }

  private static void attachedAndOpened(Stage stage, Connection connection) throws SQLException {
    Connection other = stage.open(stage.file("other.db"));
    stage.update(other, "CREATE TABLE o(x)");
    attach(stage, connection, stage.file("other.db"));
    stage.update(connection, "INSERT INTO other.o VALUES('attached')");
    stage.update(other, "INSERT INTO o VALUES('opened')");
    other.close();
    stage.update(connection, "INSERT INTO other.o VALUES('attached, after the close')");
    stage.execute(connection, "DETACH other");
  }

  private static void attachedToMemory(Stage stage, Connection connection) throws SQLException {
    connection.close();
    Connection memory = stage.connect("jdbc:sqlite::memory:", new java.util.Properties());
    attach(stage, memory, stage.file("other.db"));
    stage.select(memory, "PRAGMA other.journal_mode=WAL");
    stage.update(memory, "CREATE TABLE other.o(x)");
    stage.update(memory, "INSERT INTO other.o VALUES('from memory')");
    stage.update(memory, "CREATE TABLE main.m AS SELECT * FROM other.o");
  }

  private static void memoryAttached(Stage stage, Connection connection) {
    stage.execute(connection, "ATTACH ':memory:' AS scratch");
    stage.update(connection, "CREATE TABLE scratch.s AS SELECT * FROM t");
    stage.update(connection, "INSERT INTO t SELECT id + 100, body FROM scratch.s");
    stage.execute(connection, "ATTACH '' AS temporary");
    stage.update(connection, "CREATE TABLE temporary.s AS SELECT * FROM t");
    stage.execute(connection, "DETACH scratch");
  }

  private static void attachedByParameter(Stage stage, Connection connection) {
    stage.attempt(
        "attach",
        () -> {
          try (java.sql.PreparedStatement attach = connection.prepareStatement("ATTACH ? AS ?")) {
            attach.setString(1, stage.file("other.db").getPath());
            attach.setString(2, "odd name");
            return attach.execute();
          }
        });
    stage.select(connection, "PRAGMA \"odd name\".journal_mode=WAL");
    stage.update(connection, "CREATE TABLE \"odd name\".o(x)");
    stage.update(connection, "INSERT INTO \"odd name\".o VALUES('by parameter')");
    stage.execute(connection, "DETACH 'odd name'");
    stage.execute(connection, "ATTACH 'file:" + stage.file("uri.db") + "?cache=private' AS uri");
    stage.select(connection, "PRAGMA uri.journal_mode=WAL");
    stage.update(connection, "CREATE TABLE uri.o(x)");
  }

  private static void attachedInScript(Stage stage, Connection connection) {
    stage.update(
        connection,
        "ATTACH '"
            + stage.file("other.db")
            + "' AS other; PRAGMA other.journal_mode=WAL; CREATE TABLE other.o(x);"
            + " INSERT INTO other.o VALUES('in a string')");
    stage.update(connection, "INSERT INTO other.o VALUES('alone'); DETACH other");
  }

  private static void vacuumInto(Stage stage, Connection connection) {
    stage.execute(connection, "VACUUM INTO '" + stage.file("copy") + "'");
    stage.update(connection, "INSERT INTO t VALUES(100, 'after it')");
  }

  private static void backup(Stage stage, Connection connection) {
    stage.update(connection, "INSERT INTO t VALUES(100, 'before')");
    stage.update(connection, "backup to '" + stage.file("copy") + "'");
    stage.update(connection, "INSERT INTO t VALUES(101, 'after')");
  }

  private static void restore(Stage stage, Connection connection) {
    stage.update(connection, "backup to '" + stage.file("copy") + "'");
    stage.update(connection, "DELETE FROM t");
    stage.update(connection, "CREATE TABLE lost(x)");
    stage.update(connection, "restore from '" + stage.file("copy") + "'");
    stage.select(connection, "SELECT count(*) FROM t");
    stage.update(connection, "INSERT INTO t VALUES(101, 'after')");
  }

  /** WAL databases refuse to change their page size; the answer must be the same. */
  private static void restoreOfAnotherPageSize(Stage stage, Connection connection)
      throws SQLException {
    File copy = stage.file("copy");
    Connection other = stage.connect("jdbc:sqlite:" + copy, new java.util.Properties());
    stage.update(other, "PRAGMA page_size=8192");
    stage.update(other, "CREATE TABLE x(a)");
    other.close();
    stage.update(connection, "restore from '" + copy + "'");
    stage.update(connection, "INSERT INTO t VALUES(101, 'after')");
  }

  private static void serialize(Stage stage, Connection connection) {
    stage.attempt(
        "serialize",
        () -> {
          Method serialize = connection.getClass().getMethod("serialize", String.class);
          return ((byte[]) serialize.invoke(connection, "main")).length;
        });
    stage.update(connection, "INSERT INTO t VALUES(100, 'after')");
  }

  /** Turns the connection into one on memory; the file stays as it was. */
  private static void deserialize(Stage stage, Connection connection) throws SQLException {
    Connection beside = stage.open();
    stage.attempt(
        "deserialize",
        () -> {
          Method serialize = connection.getClass().getMethod("serialize", String.class);
          Object image = serialize.invoke(connection, "main");
          ((byte[]) image)[18] = 1;
          ((byte[]) image)[19] = 1;
          connection
              .getClass()
              .getMethod("deserialize", String.class, byte[].class)
              .invoke(connection, "main", image);
          return "";
        });
    stage.update(connection, "INSERT INTO t VALUES(100, 'where?')");
    stage.update(beside, "INSERT INTO t VALUES(101, 'in the file')");
    stage.select(connection, "SELECT count(*) FROM t");
    stage.select(beside, "SELECT count(*) FROM t");
  }
}

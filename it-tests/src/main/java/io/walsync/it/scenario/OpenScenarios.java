package io.walsync.it.scenario;

import java.io.File;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** How connections are opened and closed. */
final class OpenScenarios {

  private OpenScenarios() {}

  static void addTo(Scenarios all) {
    all.add("opened-by-uri", OpenScenarios::byUri);
    all.add("opened-with-shared-cache", OpenScenarios::sharedCache);
    all.add("opened-in-rollback-mode", OpenScenarios::rollbackMode);
    all.add("opened-with-properties", OpenScenarios::withProperties);
    all.add("opened-with-utf-16", OpenScenarios::utf16);
    all.add("opened-under-an-odd-name", OpenScenarios::oddName);
    all.add("opened-for-each-statement", OpenScenarios::forEachStatement);
    all.add("read-only-beside-a-writer", OpenScenarios::readOnlyBeside);
    all.add("explicit-read-only", OpenScenarios::explicitReadOnly);
    all.add("left-open-at-the-end", OpenScenarios::leftOpen);
    all.add("left-in-a-transaction-at-the-end", OpenScenarios::leftInTransaction);
    all.add("memory-and-temporary-databases", OpenScenarios::withoutFile);
  }

  private static void byUri(Stage stage, Connection connection) throws SQLException {
    connection.close();
    Connection byUri = stage.connect("jdbc:sqlite:file:" + stage.database(), new Properties());
    stage.update(byUri, "INSERT INTO t VALUES(100, 'by URI')");
    byUri.close();
    Connection more =
        stage.connect("jdbc:sqlite:file:" + stage.database() + "?mode=rw", new Properties());
    stage.update(more, "INSERT INTO t VALUES(101, 'by URI')");
  }

  private static void sharedCache(Stage stage, Connection connection) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("shared_cache", "true");
    Connection one = stage.connect("jdbc:sqlite:" + stage.database(), properties);
    Connection two = stage.connect("jdbc:sqlite:" + stage.database(), properties);
    stage.update(one, "INSERT INTO t VALUES(100, 'one')");
    stage.update(two, "INSERT INTO t VALUES(101, 'two')");
    one.close();
    stage.update(two, "INSERT INTO t VALUES(102, 'two again')");
  }

  /** What the agent replicates it switches to WAL, unless it is told to keep the mode. */
  private static void rollbackMode(Stage stage, Connection connection) throws SQLException {
    File file = stage.file("journal.db");
    Connection rollback = stage.connect("jdbc:sqlite:" + file, new Properties());
    stage.update(rollback, "CREATE TABLE j(x)");
    stage.update(rollback, "INSERT INTO j VALUES(1)");
    stage.update(rollback, "INSERT INTO j VALUES(2)");
  }

  private static void withProperties(Stage stage, Connection connection) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("journal_mode", "WAL");
    properties.setProperty("synchronous", "OFF");
    properties.setProperty("foreign_keys", "true");
    properties.setProperty("cache_size", "50");
    properties.setProperty("temp_store", "MEMORY");
    File file = stage.file("properties.db");
    Connection configured = stage.connect("jdbc:sqlite:" + file, properties);
    stage.update(configured, "CREATE TABLE p(x)");
    stage.update(configured, "INSERT INTO p VALUES(1)");
    stage.select(configured, "PRAGMA journal_mode");
  }

  private static void utf16(Stage stage, Connection connection) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("encoding", "'UTF-16le'");
    Connection wide = stage.connect("jdbc:sqlite:" + stage.file("utf16.db"), properties);
    stage.select(wide, "PRAGMA journal_mode=WAL");
    stage.update(wide, "CREATE TABLE w(x)");
    stage.update(wide, "INSERT INTO w VALUES('gr\u00fc\u00dfe')");
    stage.select(wide, "PRAGMA encoding");
    stage.select(wide, "SELECT * FROM w");
  }

  private static void oddName(Stage stage, Connection connection) throws SQLException {
    Connection odd = stage.open(stage.file("with space, & sign \u00fc.db"));
    stage.update(odd, "CREATE TABLE o(x)");
    stage.update(odd, "INSERT INTO o VALUES(1)");
  }

  private static void forEachStatement(Stage stage, Connection connection) throws SQLException {
    connection.close();
    for (int id = 100; id < 110; id++) {
      Connection one = stage.open();
      stage.update(one, "INSERT INTO t VALUES(" + id + ", 'alone')");
      one.close();
    }
  }

  private static void readOnlyBeside(Stage stage, Connection connection) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("open_mode", "1");
    Connection reader = stage.connect("jdbc:sqlite:" + stage.database(), properties);
    stage.select(reader, "SELECT count(*) FROM t");
    stage.update(connection, "INSERT INTO t VALUES(100, 'beside it')");
    stage.select(reader, "SELECT count(*) FROM t");
    stage.update(reader, "INSERT INTO t VALUES(101, 'refused')");
  }

  private static void explicitReadOnly(Stage stage, Connection connection) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc.explicit_readonly", "true");
    Connection careful = stage.connect("jdbc:sqlite:" + stage.database(), properties);
    stage.attempt("read-only", careful::isReadOnly);
    careful.setAutoCommit(false);
    stage.select(careful, "SELECT count(*) FROM t");
    stage.update(careful, "INSERT INTO t VALUES(100, 'upgraded')");
    careful.commit();
    stage.attempt(
        "set read-only",
        () -> {
          careful.setReadOnly(true);
          return careful.isReadOnly();
        });
    stage.update(careful, "INSERT INTO t VALUES(101, 'refused where it works')");
    careful.rollback();
    careful.close();
  }

  private static void leftOpen(Stage stage, Connection connection) {
    stage.update(connection, "INSERT INTO t VALUES(100, 'before the end')");
    stage.leaveOpen();
  }

  private static void leftInTransaction(Stage stage, Connection connection) throws SQLException {
    stage.update(connection, "INSERT INTO t VALUES(100, 'kept')");
    connection.setAutoCommit(false);
    stage.update(connection, "INSERT INTO t VALUES(101, 'lost')");
    stage.leaveOpen();
  }

  private static void withoutFile(Stage stage, Connection connection) throws SQLException {
    for (String url : new String[] {"jdbc:sqlite::memory:", "jdbc:sqlite:"}) {
      Connection nowhere = stage.connect(url, new Properties());
      stage.update(nowhere, "CREATE TABLE n(x)");
      stage.update(nowhere, "INSERT INTO n VALUES(1)");
      stage.select(nowhere, "SELECT * FROM n");
    }
  }
}

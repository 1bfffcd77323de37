package io.walsync.it.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the application gets a connection: the file, and the settings that the last {@code open}
 * command gave, applied to each connection as many applications do.
 */
final class Connections {

  static final int BUSY_MILLIS = 10_000;

  private final String databasePath;
  private volatile Map<String, String> pragmas = Collections.emptyMap();

  Connections(String databasePath) {
    this.databasePath = databasePath;
  }

  void settings(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("busy_timeout", String.valueOf(BUSY_MILLIS));
    if (given.containsKey("page_size")) {
      all.put("page_size", given.get("page_size"));
    }
    all.put("journal_mode", "WAL");
    all.put("synchronous", "NORMAL");
    all.putAll(given);
    pragmas = all;
  }

  Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + databasePath);
    try (Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> pragma : pragmas.entrySet()) {
        statement.execute("PRAGMA " + pragma.getKey() + "=" + pragma.getValue());
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }
}

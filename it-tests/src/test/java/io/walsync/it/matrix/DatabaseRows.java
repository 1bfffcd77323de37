package io.walsync.it.matrix;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** All rows of all tables of a database, and its schema, as lines. */
final class DatabaseRows {

  private DatabaseRows() {}

  /** Of a file that others may have open, and may be writing. */
  static List<String> of(Path database) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      connection.setAutoCommit(false);
      List<String> lines = new ArrayList<>();
      List<String> tables = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet schema =
              statement.executeQuery("SELECT type, name, sql FROM sqlite_master ORDER BY rowid")) {
        while (schema.next()) {
          lines.add(schema.getString(1) + " " + schema.getString(2) + " " + schema.getString(3));
          // A virtual table's rows are in its shadow tables.
          boolean isVirtual = String.valueOf(schema.getString(3)).contains("VIRTUAL TABLE");
          if (schema.getString(1).equals("table") && !isVirtual) {
            tables.add(schema.getString(2));
          }
        }
      }
      for (String table : tables) {
        addRows(connection, table, lines);
      }
      lines.add("user_version " + first(connection, "PRAGMA user_version"));
      lines.add("application_id " + first(connection, "PRAGMA application_id"));
      lines.add("integrity_check " + first(connection, "PRAGMA integrity_check"));
      connection.rollback();
      return lines;
    } catch (SQLException e) {
      throw new AssertionError("cannot read " + database, e);
    }
  }

  private static void addRows(Connection connection, String table, List<String> lines)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
      int columnCount = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder(table);
        for (int column = 1; column <= columnCount; column++) {
          byte[] bytes = rows.getBytes(column);
          line.append('|').append(bytes == null ? "null" : new String(bytes));
        }
        lines.add(line.toString());
      }
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }
}

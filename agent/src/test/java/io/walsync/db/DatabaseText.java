package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows of the table {@code t} as one text, of a database that SQLite finds sound. */
final class DatabaseText {

  private DatabaseText() {}

  static String of(File file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
        assertThat(check.getString(1)).isEqualTo("ok");
      }
      StringBuilder text = new StringBuilder();
      try (ResultSet rows = statement.executeQuery("SELECT rowid, hex(v) FROM t ORDER BY rowid")) {
        while (rows.next()) {
          text.append(rows.getLong(1))
              .append(' ')
              .append(rows.getString(2).hashCode())
              .append('\n');
        }
      }
      return text.toString();
    }
  }
}

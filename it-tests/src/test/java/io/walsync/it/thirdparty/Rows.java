package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.DatabaseContent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of a database that nobody has open. */
final class Rows {

  private Rows() {}

  /** Fails unless SQLite finds the file sound. */
  static void checkIntegrity(Path database) {
    assertThat(DatabaseContent.query(database, "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(DatabaseContent.query(database, "PRAGMA foreign_key_check")).isNull();
  }

  static boolean hasTable(Path database, String name) {
    return DatabaseContent.query(
            database, "SELECT name FROM sqlite_master WHERE name = '" + name + "'")
        != null;
  }

  /** The rows of a query in their order, by their first column. */
  static Map<String, List<String>> of(Path database, String query) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columnCount = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> columns = new ArrayList<>();
        for (int column = 1; column <= columnCount; column++) {
          columns.add(row.getString(column));
        }
        rows.put(columns.get(0), columns);
      }
    } catch (SQLException e) {
      throw new AssertionError(database + ": " + query, e);
    }
    return rows;
  }
}

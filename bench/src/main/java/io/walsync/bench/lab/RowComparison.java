package io.walsync.bench.lab;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Two databases row for row, by rowid, in every table of the application. Tables that peers make in
 * an application's database do not count.
 *
 * @param rowCount rows in the original
 * @param missing rows that are only in the original
 * @param different rows with other values
 * @param surplus rows that are only in the copy
 */
public record RowComparison(long rowCount, long missing, long different, long surplus) {

  private static final String TABLES =
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE"
          + " '\\' AND name NOT LIKE '\\_litestream\\_%' ESCAPE '\\'"
          + " AND name NOT LIKE '\\_walrust\\_%' ESCAPE '\\' ORDER BY name";

  /** Neither may be written meanwhile. */
  public static RowComparison of(Path original, Path copy) {
    try (Connection left = DriverManager.getConnection("jdbc:sqlite:" + original);
        Connection right = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
      RowComparison sum = new RowComparison(0, 0, 0, 0);
      List<String> copied = tables(right);
      for (String table : tables(left)) {
        sum = sum.plus(copied.contains(table) ? compare(left, right, table) : lost(left, table));
      }
      return sum;
    } catch (SQLException e) {
      throw new LabException("cannot compare " + copy + " with " + original, e);
    }
  }

  private RowComparison plus(RowComparison other) {
    return new RowComparison(
        rowCount + other.rowCount,
        missing + other.missing,
        different + other.different,
        surplus + other.surplus);
  }

  public boolean isSame() {
    return missing == 0 && different == 0 && surplus == 0;
  }

  /** Such as {@code 4 of 4,000 rows missing, 1 different}. */
  @Override
  public String toString() {
    return String.format("%,d of %,d rows missing", missing, rowCount)
        + (different == 0 ? "" : String.format(", %,d different", different))
        + (surplus == 0 ? "" : String.format(", %,d too many", surplus));
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static RowComparison lost(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM \"" + table + "\"")) {
      row.next();
      return new RowComparison(row.getLong(1), row.getLong(1), 0, 0);
    }
  }

  private static RowComparison compare(Connection left, Connection right, String table)
      throws SQLException {
    String sql = "SELECT rowid, * FROM \"" + table + "\" ORDER BY rowid";
    try (Statement one = left.createStatement();
        Statement other = right.createStatement();
        ResultSet expected = one.executeQuery(sql);
        ResultSet actual = other.executeQuery(sql)) {
      long rowCount = 0;
      long missing = 0;
      long different = 0;
      long surplus = 0;
      boolean hasExpected = expected.next();
      boolean hasActual = actual.next();
      while (hasExpected || hasActual) {
        int order = order(hasExpected, expected, hasActual, actual);
        rowCount += order <= 0 ? 1 : 0;
        missing += order < 0 ? 1 : 0;
        surplus += order > 0 ? 1 : 0;
        different += order == 0 && !isSameRow(expected, actual) ? 1 : 0;
        hasExpected = order <= 0 ? expected.next() : hasExpected;
        hasActual = order >= 0 ? actual.next() : hasActual;
      }
      return new RowComparison(rowCount, missing, different, surplus);
    }
  }

  private static int order(
      boolean hasExpected, ResultSet expected, boolean hasActual, ResultSet actual)
      throws SQLException {
    if (!hasExpected || !hasActual) {
      return hasExpected ? -1 : 1;
    }
    return Long.compare(expected.getLong(1), actual.getLong(1));
  }

  private static boolean isSameRow(ResultSet expected, ResultSet actual) throws SQLException {
    int columnCount = expected.getMetaData().getColumnCount();
    if (columnCount != actual.getMetaData().getColumnCount()) {
      return false;
    }
    for (int i = 2; i <= columnCount; i++) {
      Object left = expected.getObject(i);
      Object right = actual.getObject(i);
      boolean isSame =
          left instanceof byte[] bytes && right instanceof byte[] others
              ? Arrays.equals(bytes, others)
              : Objects.equals(left, right);
      if (!isSame) {
        return false;
      }
    }
    return true;
  }
}

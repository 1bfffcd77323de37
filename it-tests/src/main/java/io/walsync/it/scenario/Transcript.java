package io.walsync.it.scenario;

import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an application saw: every value that a call returned, every exception it threw. */
final class Transcript {

  private final List<String> lines = new ArrayList<>();
  private final String folder;

  /**
   * @param folder differs between runs, therefore never stands in the transcript
   */
  Transcript(String folder) {
    this.folder = folder;
  }

  void note(String what, Object value) {
    lines.add(clean(what + " = " + text(value)));
  }

  void failed(String what, Throwable failure) {
    String code =
        failure instanceof SQLException ? " " + ((SQLException) failure).getErrorCode() : "";
    String counts =
        failure instanceof BatchUpdateException
            ? " " + Arrays.toString(((BatchUpdateException) failure).getUpdateCounts())
            : "";
    lines.add(
        clean(
            what
                + " threw "
                + failure.getClass().getName()
                + code
                + counts
                + ": "
                + failure.getMessage()));
  }

  List<String> lines() {
    return lines;
  }

  private String clean(String line) {
    return line.replace(folder, "FOLDER").replace('\n', ' ').replace('\r', ' ');
  }

  private static String text(Object value) {
    if (value instanceof int[]) {
      return Arrays.toString((int[]) value);
    }
    if (value instanceof long[]) {
      return Arrays.toString((long[]) value);
    }
    if (value instanceof byte[]) {
      return Arrays.hashCode((byte[]) value) + " of " + ((byte[]) value).length + " bytes";
    }
    return String.valueOf(value);
  }

  /** All rows of a result, columns separated by bars, rows by semicolons. */
  static String rows(ResultSet rows) throws SQLException {
    StringBuilder text = new StringBuilder();
    int columnCount = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      for (int column = 1; column <= columnCount; column++) {
        text.append(column == 1 ? "" : "|").append(rows.getString(column));
      }
      text.append(';');
    }
    rows.close();
    return text.toString();
  }
}

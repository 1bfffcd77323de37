package io.walsync.cli;

import io.walsync.restore.IntegrityCheck;
import io.walsync.restore.RestoreException;
import java.io.File;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * SQLite's own check of a restored database, with the sqlite-jdbc of the jar: for the process of
 * the command line only. The database is opened as immutable, so that no file appears beside it.
 */
final class SqliteCheck implements IntegrityCheck {

  /** Problems in a message; SQLite finds up to 100. */
  private static final int MAX_SHOWN = 3;

  private static final Pattern OF_THE_APPLICATION =
      Pattern.compile(
          "no such (collation sequence|function|module|tokenizer|vfs)"
              + "|unknown (function|tokenizer)|wrong number of arguments to function",
          Pattern.CASE_INSENSITIVE);

  private final String pragma;

  private SqliteCheck(String pragma) {
    this.pragma = pragma;
  }

  /** Everything but whether indexes match their tables. */
  static SqliteCheck quick() {
    return new SqliteCheck("quick_check");
  }

  static SqliteCheck full() {
    return new SqliteCheck("integrity_check");
  }

  @Override
  public void check(File database) throws IOException {
    String url = "jdbc:sqlite:file:" + encode(database.getAbsolutePath()) + "?immutable=1";
    StringBuilder problems = new StringBuilder();
    int count = 0;
    try (Connection connection = driver().connect(url, new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma)) {
      while (rows.next()) {
        String row = rows.getString(1);
        if (!row.equals("ok")) {
          count++;
          problems.append(
              count <= MAX_SHOWN ? (count == 1 ? "" : "; ") + row.replace('\n', ' ') : "");
        }
      }
    } catch (SQLException e) {
      checkPossible(String.valueOf(e.getMessage()));
      throw new FailedCheckException(pragma + " of the restored database: " + e.getMessage());
    } catch (LinkageError e) {
      throw new RestoreException(pragma + ": SQLite cannot be loaded: " + e.getMessage(), e);
    }
    checkPossible(problems.toString());
    if (count > 0) {
      throw new FailedCheckException(
          pragma + " of the restored database found " + count + " problems: " + problems);
    }
  }

  /** What an application brings along says nothing about the database. */
  private void checkPossible(String message) throws CheckNotPossibleException {
    if (OF_THE_APPLICATION.matcher(message).find()) {
      throw new CheckNotPossibleException(
          pragma
              + " of the restored database cannot run here: "
              + message
              + ". That is the application's own, and the command line does not have it");
    }
  }

  /** By name: no class of the agent refers to a class of SQLite's driver. */
  private static Driver driver() throws RestoreException {
    try {
      return Class.forName("org.sqlite.JDBC")
          .asSubclass(Driver.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new RestoreException("the jar's own SQLite cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static String encode(String path) {
    try {
      return URLEncoder.encode(path, "UTF-8").replace("+", "%20").replace("%2F", "/");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.walsync.bench.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** One connection that appends one row, with its commit's mark, to the table of events. */
final class Events implements AutoCloseable {

  /** Longer than any stall worth measuring; a BUSY would end the run. */
  private static final int BUSY_TIMEOUT_MILLIS = 60_000;

  private static final String BODY =
      "An event of ordinary size: who did what, where it was done, and what came of it in the end.";

  private final Connection connection;
  private final PreparedStatement insert;

  private Events(Connection connection) throws SQLException {
    this.connection = connection;
    this.insert = connection.prepareStatement("INSERT INTO event (mark, body) VALUES (?, ?)");
  }

  /**
   * @param synchronous {@code NORMAL} or {@code FULL}
   */
  static Events open(String database, String synchronous) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT_MILLIS);
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=" + synchronous);
      statement.execute(
          "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, mark TEXT, body TEXT)");
    }
    return new Events(connection);
  }

  /** One auto-commit insert. */
  void append(long commit) throws SQLException {
    insert.setString(1, CommitMark.text(commit));
    insert.setString(2, BODY);
    insert.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    insert.close();
    connection.close();
  }
}

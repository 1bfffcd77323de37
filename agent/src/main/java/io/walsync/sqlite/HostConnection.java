package io.walsync.sqlite;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection of the agent's in the host's SQLite. It reads, checkpoints PASSIVE and may hold the
 * write lock without writing; it never changes a page.
 *
 * <p>Threading: one thread at a time, the owner's.
 */
public final class HostConnection implements Closeable {

  private static final int SQLITE_BUSY = 5;
  private static final int PRIMARY_CODE_MASK = 0xff;

  private final Connection connection;
  private final Statement statement;

  HostConnection(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
  }

  /**
   * Starts a read transaction and takes the snapshot at once: the read mark stands when this
   * returns.
   *
   * @throws SQLException BUSY while another process holds the database exclusively
   */
  public void beginRead() throws SQLException {
    execute("BEGIN");
    try {
      // Reads the header only: a BEGIN alone takes no snapshot, and a SELECT would parse the whole
      // schema.
      readLong("PRAGMA schema_version");
    } catch (SQLException e) {
      rollback();
      throw e;
    }
  }

  /**
   * Takes the write lock without writing.
   *
   * @return false if somebody else holds it now
   */
  public boolean tryBeginImmediate() throws SQLException {
    try {
      execute("BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if (isBusy(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Ends the transaction; releases its read mark and the write lock. */
  public void rollback() throws SQLException {
    execute("ROLLBACK");
  }

  /**
   * Copies what readers allow from the WAL into the database file; never waits, never restarts the
   * WAL.
   */
  public CheckpointResult checkpointPassive() throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
      if (!row.next()) {
        throw new SQLException("wal_checkpoint(PASSIVE) returned no row");
      }
      return new CheckpointResult(row.getLong(1) != 0, row.getLong(2), row.getLong(3));
    }
  }

  /**
   * Switches a rollback-journal database to WAL if nobody uses it at this moment.
   *
   * @return the journal mode now in force, lower case; anything but {@code wal} means it could not
   *     be switched
   */
  public String switchToWal() throws SQLException {
    return readText("PRAGMA journal_mode=wal").toLowerCase(java.util.Locale.ROOT);
  }

  /** The version of the host's SQLite library, as {@code 3.51.3}. */
  String sqliteVersion() throws SQLException {
    return readText("SELECT sqlite_version()");
  }

  void execute(String sql) throws SQLException {
    statement.execute(sql);
  }

  private long readLong(String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private String readText(String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** Whether an error says that somebody else holds a lock, in any of its extended forms. */
  public static boolean isBusy(SQLException e) {
    return (e.getErrorCode() & PRIMARY_CODE_MASK) == SQLITE_BUSY;
  }

  /** Closes the connection; errors are of no consequence to the data, since nothing was written. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException alreadyGone) {
      return;
    }
  }
}

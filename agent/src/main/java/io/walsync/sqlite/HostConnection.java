package io.walsync.sqlite;

import java.io.Closeable;
import java.io.File;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the agent's in the host's SQLite. It reads, checkpoints PASSIVE, may hold the
 * write lock without writing, and may switch a database to WAL mode. Apart from that switch it
 * never changes a page.
 *
 * <p>Threading: one thread at a time, the owner's.
 */
public final class HostConnection implements Closeable {

  /** SQLITE_OPEN_READWRITE without CREATE: a database that was deleted must not come back empty. */
  private static final int OPEN_READWRITE = 2;

  private final NativeDbCalls calls;
  private final Object db;
  private boolean isClosed;

  /**
   * @throws SQLException if the file does not exist or SQLite refuses it
   */
  HostConnection(NativeDbCalls calls, File database) throws SQLException {
    this.calls = calls;
    this.db = calls.open(database.getAbsolutePath(), OPEN_READWRITE);
  }

  /** The driver's object. */
  public Object nativeDb() {
    return db;
  }

  void neverWaitForLocks() throws SQLException {
    calls.busyTimeout(db, 0);
  }

  /**
   * Starts a read transaction and takes the snapshot at once: the read mark is set when this
   * returns.
   *
   * @throws SQLException BUSY while another process holds the database exclusively
   */
  public void beginRead() throws SQLException {
    execute("BEGIN");
    try {
      // Reads the header only: a BEGIN alone takes no snapshot, and a SELECT would parse the whole
      // schema.
      execute("PRAGMA schema_version");
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
    CheckpointResult result =
        run(
            "PRAGMA wal_checkpoint(PASSIVE)",
            row -> new CheckpointResult(number(row, 0) != 0, number(row, 1), number(row, 2)));
    if (result == null) {
      throw new SQLException("wal_checkpoint(PASSIVE) returned no row");
    }
    return result;
  }

  /**
   * Switches a rollback-journal database to WAL if nobody uses it at this moment.
   *
   * @return the journal mode now in force, lower case; anything but {@code wal} means it could not
   *     be switched
   */
  public String switchToWal() throws SQLException {
    return readText("PRAGMA journal_mode=wal").toLowerCase(Locale.ROOT);
  }

  /** The version of the host's SQLite library, as {@code 3.51.3}. */
  String sqliteVersion() throws SQLException {
    return readText("SELECT sqlite_version()");
  }

  /** Runs one statement to its end, or to its first row. */
  void execute(String sql) throws SQLException {
    run(sql, row -> null);
  }

  private String readText(String sql) throws SQLException {
    String text = run(sql, row -> calls.columnText(db, row, 0));
    return text == null ? "" : text;
  }

  private long number(long row, int column) throws SQLException {
    return calls.columnLong(db, row, column);
  }

  /**
   * @return what {@code reader} made of the first row; null if there is none
   */
  private <T> @Nullable T run(String sql, RowReader<T> reader) throws SQLException {
    if (isClosed) {
      // Checked here, since old drivers would crash the JVM.
      throw new SQLException(sql + ": the connection is closed");
    }
    long statement = calls.prepare(db, sql);
    try {
      int rc = calls.step(db, statement);
      if (rc == ResultCode.ROW) {
        return reader.read(statement);
      }
      if (rc != ResultCode.DONE) {
        throw new SQLException(sql + ": " + calls.errorMessage(db) + " (" + rc + ")", null, rc);
      }
      return null;
    } finally {
      calls.finish(db, statement);
    }
  }

  private interface RowReader<T> {
    @Nullable T read(long row) throws SQLException;
  }

  /** Whether an error says that somebody else holds a lock, in any of its extended forms. */
  public static boolean isBusy(SQLException e) {
    return (e.getErrorCode() & ResultCode.PRIMARY_MASK) == ResultCode.BUSY;
  }

  /** Closes the connection, once. Errors are ignored, since nothing was written. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      calls.close(db);
    } catch (SQLException alreadyGone) {
      return;
    }
  }
}

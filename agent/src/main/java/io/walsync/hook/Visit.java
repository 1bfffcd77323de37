package io.walsync.hook;

import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.Closeable;
import java.io.File;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection of the agent that is reported for a moment as if it were the application's. It is
 * for a database that the application has open only through connections that are not known yet,
 * since they have run no statement since the driver was woven. Commits until then are replicated as
 * at the open and the close of any connection. Each connection of the application becomes known
 * with its next statement.
 *
 * <p>Threading: one thread of the agent's, which waits for others of the agent's.
 */
public final class Visit implements Closeable {

  /**
   * Longest wait for the connection to be assigned to its database. At most a few others are
   * assigned before it.
   */
  private static final long ASSIGN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final HostConnection connection;
  private final ConnectionHook hook;

  private Visit(HostConnection connection, ConnectionHook hook) {
    this.connection = connection;
    this.hook = hook;
  }

  /**
   * Opens a connection and reports it.
   *
   * @param driverLoader of the copy of the driver by which the application has the file open
   * @throws SQLException if that fails, or a connection keeps the database to itself
   */
  public static Visit begin(File file, ClassLoader driverLoader, ConnectionRegistry connections)
      throws SQLException {
    HostConnection connection = new HostDriver(driverLoader).open(file);
    try {
      connection.beginRead();
      connection.rollback();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    Visit visit = new Visit(connection, ConnectionHook.ofOpen(connection.nativeDb(), connections));
    connections.accept(visit.hook.main());
    return visit;
  }

  /** Returns when what was committed has been copied, or after a bound. */
  @Override
  public void close() {
    long end = System.nanoTime() + ASSIGN_NANOS;
    while (!hook.main().isAttached() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    hook.accept(ConnectionHook.CLOSE);
    connection.close();
    hook.accept(ConnectionHook.CLOSE, 0);
  }
}

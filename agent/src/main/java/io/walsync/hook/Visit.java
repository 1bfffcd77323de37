package io.walsync.hook;

import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.Closeable;
import java.io.File;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection of the agent's that is reported as if it were the application's, for a moment: to a
 * database that the application has open through connections that nobody knows yet, since none of
 * them has run a statement since the driver was woven. What was committed until then is replicated
 * as at the open and the close of any connection; each of the application's is known with its next
 * statement.
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
   * @throws SQLException if that fails, or somebody keeps the database to himself
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

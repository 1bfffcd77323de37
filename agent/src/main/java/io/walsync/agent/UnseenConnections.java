package io.walsync.agent;

import io.walsync.databases.Databases;
import io.walsync.hook.ConnectionRegistry;
import io.walsync.hook.Visit;
import io.walsync.io.Reason;
import java.io.File;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * Has databases replicated whose connections were open when the driver was woven and have run
 * nothing since. A connection becomes known only with its next statement, which may never come.
 *
 * <p>Threading: one thread, of its own.
 */
final class UnseenConnections implements Runnable {

  /** Wait before the look: connections that are in use have run a statement by then. */
  private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ClassLoader driverLoader;
  private final Databases databases;
  private final ConnectionRegistry connections;
  private final Logger log;

  /**
   * @param driverLoader of the only copy of the driver in this JVM
   */
  UnseenConnections(
      ClassLoader driverLoader, Databases databases, ConnectionRegistry connections, Logger log) {
    this.driverLoader = driverLoader;
    this.databases = databases;
    this.connections = connections;
    this.log = log;
  }

  @Override
  public void run() {
    LockSupport.parkNanos(DELAY_NANOS);
    for (File file : databases.unseen()) {
      try {
        Visit.begin(file, driverLoader, connections).close();
      } catch (SQLException | RuntimeException e) {
        log.warn(
            "{}: open in this process, but nothing is replicated before its next statement: {}",
            file,
            Reason.of(e));
      }
    }
  }
}

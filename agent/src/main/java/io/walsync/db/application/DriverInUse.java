package io.walsync.db.application;

import io.walsync.db.events.DbEvents;
import io.walsync.hook.FileConnection;
import io.walsync.sqlite.HostDriver;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The copy of sqlite-jdbc through which the application has the database open, and therefore the
 * only one that the agent may open it through. A redeployed application brings a new copy.
 *
 * <p>Threading: safe.
 */
public final class DriverInUse {

  private final Connections connections;
  private final DbEvents events;
  private volatile @Nullable HostDriver driver;
  private boolean areTwoTold;

  public DriverInUse(Connections connections, DbEvents events) {
    this.connections = connections;
    this.events = events;
  }

  /**
   * The copy of the driver. Null before the first connection; after the last close it is that of
   * the last connection.
   */
  public @Nullable HostDriver driver() {
    return driver;
  }

  /** Takes note of a connection that was opened and is among the {@link Connections}. */
  public synchronized void opened(FileConnection connection) {
    if (driver != null && driver.loader() == connection.driverLoader()) {
      return;
    }
    Set<ClassLoader> loaders = connections.driverLoaders();
    if (loaders.size() > 1 && !areTwoTold) {
      areTwoTold = true;
      events.twoDrivers();
    }
    if (driver == null || !loaders.contains(driver.loader())) {
      use(connection.driverLoader());
    }
  }

  /** Called when connections were lost without a close: the others may be of another copy. */
  public synchronized void lost() {
    Set<ClassLoader> loaders = connections.driverLoaders();
    HostDriver used = driver;
    if (!loaders.isEmpty() && (used == null || !loaders.contains(used.loader()))) {
      use(loaders.iterator().next());
    }
  }

  private void use(@Nullable ClassLoader loader) {
    try {
      driver = new HostDriver(loader);
    } catch (SQLException e) {
      events.unsupportedDriver(e);
    }
  }
}

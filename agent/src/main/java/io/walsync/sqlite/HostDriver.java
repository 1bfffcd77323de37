package io.walsync.sqlite;

import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The application's copy of sqlite-jdbc, found through the class loader of a woven {@code
 * NativeDB}. A second copy in the same process would corrupt the database, so there is no other way
 * to a connection.
 */
public final class HostDriver {

  /** Weak, like all references to the driver: an undeployed application must stay collectable. */
  private final Reference<ClassLoader> loader;

  private final boolean isBootstrap;
  private volatile @Nullable String sqliteVersion;

  /**
   * @param loader the defining loader of the host's {@code NativeDB}
   * @throws SQLException if the loader has no sqlite-jdbc that we know how to call
   */
  public HostDriver(@Nullable ClassLoader loader) throws SQLException {
    this.loader = new WeakReference<>(loader);
    this.isBootstrap = loader == null;
    calls();
  }

  private NativeDbCalls calls() throws SQLException {
    ClassLoader present = loader.get();
    if (present == null && !isBootstrap) {
      throw new SQLException("the application's sqlite-jdbc has been unloaded");
    }
    try {
      return NativeDbCalls.of(present);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new SQLException("the host's sqlite-jdbc cannot be called: " + e.getMessage(), e);
    }
  }

  /**
   * The version of the SQLite library behind this driver, as {@code 3.51.3}.
   *
   * @return null before the first connection was opened
   */
  public @Nullable String sqliteVersion() {
    return sqliteVersion;
  }

  /**
   * Identity of the driver copy: two of them on one file destroy each other's locks. Null for the
   * bootstrap loader, and once the application's loader is gone.
   */
  public @Nullable ClassLoader loader() {
    return loader.get();
  }

  /**
   * Opens a connection of the agent's on an existing database. It never waits for a lock and never
   * checkpoints by itself.
   *
   * @throws SQLException if the file does not exist or the driver refuses
   */
  public HostConnection open(File database) throws SQLException {
    HostConnection host = new HostConnection(calls(), database);
    try {
      host.neverWaitForLocks();
      host.execute("PRAGMA wal_autocheckpoint=0");
      if (sqliteVersion == null) {
        sqliteVersion = host.sqliteVersion();
      }
      return host;
    } catch (SQLException e) {
      host.close();
      throw e;
    }
  }
}

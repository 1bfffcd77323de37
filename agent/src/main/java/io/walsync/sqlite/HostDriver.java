package io.walsync.sqlite;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The application's copy of sqlite-jdbc, found through the class loader of a woven {@code
 * NativeDB}. A second copy in the same process would corrupt the database, so there is no other way
 * to a connection.
 */
public final class HostDriver {

  private static final String JDBC_CLASS = "org.sqlite.JDBC";
  private static final String URL_PREFIX = "jdbc:sqlite:";

  /** SQLITE_OPEN_READWRITE without CREATE: a database that was deleted must not come back empty. */
  private static final String OPEN_READWRITE = "2";

  private final ClassLoader loader;
  private final Method createConnection;
  private volatile String sqliteVersion;

  /**
   * @param loader the defining loader of the host's {@code NativeDB}
   * @throws SQLException if the loader has no sqlite-jdbc that we know how to call
   */
  public HostDriver(ClassLoader loader) throws SQLException {
    this.loader = loader;
    try {
      Class<?> jdbc = Class.forName(JDBC_CLASS, true, loader);
      this.createConnection = jdbc.getMethod("createConnection", String.class, Properties.class);
    } catch (ReflectiveOperationException e) {
      throw new SQLException(
          "the host's sqlite-jdbc has no " + JDBC_CLASS + ".createConnection", e);
    }
  }

  /**
   * The version of the SQLite library behind this driver, as {@code 3.51.3}.
   *
   * @return null before the first connection was opened
   */
  public String sqliteVersion() {
    return sqliteVersion;
  }

  /** Identity of the driver copy: two of them on one file destroy each other's locks. */
  public ClassLoader loader() {
    return loader;
  }

  /**
   * Opens a connection of the agent's on an existing database. It never waits for a lock and never
   * checkpoints by itself.
   *
   * @throws SQLException if the file does not exist or the driver refuses
   */
  public HostConnection open(File database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("open_mode", OPEN_READWRITE);
    properties.setProperty("busy_timeout", "0");
    Connection connection = create(URL_PREFIX + database.getPath(), properties);
    HostConnection host = new HostConnection(connection);
    try {
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

  private Connection create(String url, Properties properties) throws SQLException {
    try {
      Object connection = createConnection.invoke(null, url, properties);
      if (connection == null) {
        throw new SQLException("the host's sqlite-jdbc does not accept the URL " + url);
      }
      return (Connection) connection;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException) {
        throw (SQLException) e.getCause();
      }
      throw new SQLException("the host's sqlite-jdbc failed to open " + url, e.getCause());
    } catch (IllegalAccessException e) {
      throw new SQLException("the host's sqlite-jdbc cannot be called", e);
    }
  }
}

package io.walsync.sqlite;

import io.walsync.io.Privileged;
import java.lang.reflect.Method;
import java.security.PrivilegedAction;
import org.jspecify.annotations.Nullable;

/**
 * What a copy of sqlite-jdbc in the application says of itself. No connection is opened for that,
 * and no lock of the application's is waited for. Immutable.
 */
public final class DriverVersion {

  private static final String LOADER = "org.sqlite.SQLiteJDBCLoader";

  private final @Nullable String driver;
  private final @Nullable String sqlite;

  private DriverVersion(@Nullable String driver, @Nullable String sqlite) {
    this.driver = driver;
    this.sqlite = sqlite;
  }

  /**
   * Asks the copy that a loader has; what it does not tell is unknown.
   *
   * @param loader of the application's {@code NativeDB}; null is the bootstrap loader
   */
  public static DriverVersion of(@Nullable ClassLoader loader) {
    return Privileged.call(
        new PrivilegedAction<DriverVersion>() {
          @Override
          public DriverVersion run() {
            return new DriverVersion(driverOf(loader), sqliteOf(loader));
          }
        });
  }

  private static @Nullable String driverOf(@Nullable ClassLoader loader) {
    try {
      Method version = Class.forName(LOADER, true, loader).getMethod("getVersion");
      String text = (String) version.invoke(null);
      return text == null || text.isEmpty() || text.equals("unknown") ? null : text;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError untold) {
      return null;
    }
  }

  /** SQLite's own function, which needs an object of the driver's but no database. */
  private static @Nullable String sqliteOf(@Nullable ClassLoader loader) {
    try {
      Object unopened = NativeDbCalls.of(loader).instance("");
      Method version = unopened.getClass().getDeclaredMethod("libversion");
      version.setAccessible(true);
      return (String) version.invoke(unopened);
    } catch (Exception | LinkageError untold) {
      return null;
    }
  }

  /** The version of sqlite-jdbc, as {@code 3.50.3.0}; null if it does not say. */
  public @Nullable String driver() {
    return driver;
  }

  /** The version of the SQLite library in it, as {@code 3.50.3}; null if it does not say. */
  public @Nullable String sqlite() {
    return sqlite;
  }

  @Override
  public String toString() {
    return "sqlite-jdbc "
        + (driver == null ? "of an unknown version" : driver)
        + " with SQLite "
        + (sqlite == null ? "of an unknown version" : sqlite);
  }
}

package io.walsync.it.app;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * How the application gets a connection: the file, and the settings that the last {@code open}
 * command gave, applied to each connection as many applications do. A setting without a value is
 * left as it is.
 */
final class Connections {

  static final int BUSY_MILLIS = 10_000;

  private final String databasePath;
  private volatile Map<String, String> pragmas = Collections.emptyMap();

  Connections(String databasePath) {
    this.databasePath = databasePath;
  }

  void settings(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("busy_timeout", String.valueOf(BUSY_MILLIS));
    if (given.containsKey("page_size")) {
      all.put("page_size", given.get("page_size"));
    }
    all.put("journal_mode", "WAL");
    all.put("synchronous", "NORMAL");
    all.putAll(given);
    pragmas = all;
  }

  /** Through a copy of the driver of its own, as a web application beside another has it. */
  Connection openThrough(String driverJar) throws SQLException, IOException {
    URL[] path = {new File(driverJar).toURI().toURL()};
    // The class path for slf4j only: the driver must come from the jar.
    ClassLoader copy =
        new URLClassLoader(path, Connections.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.startsWith("org.sqlite.") ? own(name) : super.loadClass(name, resolve);
          }

          private Class<?> own(String name) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
              Class<?> loaded = findLoadedClass(name);
              return loaded == null ? findClass(name) : loaded;
            }
          }
        };
    try {
      Driver driver =
          Class.forName("org.sqlite.JDBC", true, copy)
              .asSubclass(Driver.class)
              .getDeclaredConstructor()
              .newInstance();
      return driver.connect("jdbc:sqlite:" + databasePath, new Properties());
    } catch (ReflectiveOperationException e) {
      throw new SQLException("no driver in " + driverJar, e);
    }
  }

  Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + databasePath);
    try (Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> pragma : pragmas.entrySet()) {
        if (!pragma.getValue().isEmpty()) {
          statement.execute("PRAGMA " + pragma.getKey() + "=" + pragma.getValue());
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }
}

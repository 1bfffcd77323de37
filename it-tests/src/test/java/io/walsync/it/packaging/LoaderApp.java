package io.walsync.it.packaging;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Collections;
import java.util.Properties;

/**
 * Prints what can be seen through the agent's class loader, and logs through it. Arguments: the
 * packed jar, and {@code forHost} or {@code forCommandLine} to build a loader as the bootstrap
 * does, or {@code armed} for the one of the running agent.
 */
public final class LoaderApp {

  private static final long START_MILLIS = 60_000;

  private LoaderApp() {}

  public static void main(String[] args) throws Exception {
    ClassLoader loader = loader(new File(args[0]), args[1]);
    print("own class", () -> loader.loadClass("io.walsync.agent.AgentStart").getName());
    print("test class", () -> loader.loadClass(LoaderApp.class.getName()).getName());
    print("sqlite", () -> loader.loadClass("org.sqlite.JDBC").getName());
    print("native", () -> loader.loadClass("org.sqlite.core.NativeDB").getName());
    print("library", () -> resource(loader, "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so"));
    print(
        "drivers",
        () -> Collections.list(loader.getResources("META-INF/services/java.sql.Driver")).size());
    print("slf4j of the host", () -> loader.loadClass("org.slf4j.Logger").getName());
    print("query", () -> query(loader));
    log(loader);
  }

  private static ClassLoader loader(File file, String mode) throws Exception {
    if (mode.equals("armed")) {
      EventsApp.Jdbc.nativeDb();
      awaitStart();
      Field sink = Class.forName("java.lang.WalsyncBridge").getDeclaredField("sink");
      sink.setAccessible(true);
      return sink.get(null).getClass().getClassLoader();
    }
    Class<?> agentJar = Class.forName("io.walsync.bootstrap.AgentJar");
    Method open = agentJar.getDeclaredMethod("open", File.class);
    open.setAccessible(true);
    Method build =
        Class.forName("io.walsync.bootstrap.AgentClassLoader").getDeclaredMethod(mode, agentJar);
    build.setAccessible(true);
    return (ClassLoader) build.invoke(null, open.invoke(null, file));
  }

  /** Until the agent has made its loggers, on its own thread. */
  private static void awaitStart() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("walsync-start")) {
        thread.join(START_MILLIS);
      }
    }
  }

  private static String resource(ClassLoader loader, String name) {
    URL url = loader.getResource(name);
    return url == null ? "none" : url.getProtocol();
  }

  private static String query(ClassLoader loader) throws Exception {
    Driver driver = (Driver) loader.loadClass("org.sqlite.JDBC").getConstructor().newInstance();
    try (Connection connection = driver.connect("jdbc:sqlite::memory:", new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select sqlite_version()")) {
      return rows.getString(1);
    }
  }

  private static void log(ClassLoader loader) throws Exception {
    Object logger =
        loader
            .loadClass("io.walsync.shaded.org.slf4j.LoggerFactory")
            .getMethod("getLogger", String.class)
            .invoke(null, "io.walsync.db.Db");
    logger.getClass().getMethod("info", String.class).invoke(logger, "a message");
    logger.getClass().getMethod("debug", String.class).invoke(logger, "a detail");
  }

  private interface Question {
    Object answer() throws Exception;
  }

  private static void print(String name, Question question) {
    try {
      System.out.println(name + ": " + question.answer());
    } catch (ClassNotFoundException e) {
      System.out.println(name + ": not found");
    } catch (Exception e) {
      System.out.println(name + ": " + e);
    }
  }
}

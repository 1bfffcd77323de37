package io.walsync.it.app;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.HttpURLConnection;
import java.net.ProxySelector;
import java.net.URL;
import java.security.Provider;
import java.security.Security;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.LogManager;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Uses SQLite and then prints everything an agent could have changed in its process, in an order of
 * its own, on both streams. Ends with an exit code of its own.
 *
 * <p>Arguments: the database path; a path to wait for before looking, or {@code -}.
 */
public final class HostStateApp {

  public static final int EXIT_CODE = 9;

  private static final long WAIT_MILLIS = 60_000;
  private static final String OURS = "walsync";

  private HostStateApp() {}

  /** The first touch of java.util.logging must be the program's: it decides on the LogManager. */
  public static final class OwnLogManager extends LogManager {}

  public static void main(String[] args) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook of the host")));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t(x)");
      statement.execute("INSERT INTO t VALUES (1)");
      awaitFile(args[1]);
      statement.execute("INSERT INTO t VALUES (2)");
      System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
      printProcess();
      printThreads();
      printNet();
      printManagement();
    }
    System.err.println("done");
    System.exit(EXIT_CODE);
  }

  private static void awaitFile(String path) throws InterruptedException {
    long end = System.currentTimeMillis() + WAIT_MILLIS;
    while (!path.equals("-") && !new File(path).exists() && System.currentTimeMillis() < end) {
      Thread.sleep(10);
    }
  }

  private static void printProcess() {
    Map<String, String> properties = new TreeMap<>();
    System.getProperties().forEach((name, value) -> properties.put("" + name, "" + value));
    // These name our arguments.
    properties.remove("sun.java.command");
    properties.forEach((name, value) -> print(name + "=" + value));
    print("environment " + new TreeSet<>(System.getenv().keySet()));
    print("locale " + Locale.getDefault() + " " + TimeZone.getDefault().getID());
    print("log manager " + LogManager.getLogManager().getClass().getName());
    print("log level " + LogManager.getLogManager().getLogger("").getLevel());
    print(
        "loggers " + new TreeSet<>(Collections.list(LogManager.getLogManager().getLoggerNames())));
    for (Provider provider : Security.getProviders()) {
      print("provider " + provider.getName());
    }
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      print("driver " + driver.getClass().getName());
    }
    print("login timeout " + DriverManager.getLoginTimeout() + DriverManager.getLogWriter());
    print("streams " + System.out.getClass() + System.err.getClass() + System.in.getClass());
  }

  private static void printThreads() {
    TreeSet<String> threads = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.getName().startsWith(OURS)) {
        ClassLoader context = thread.getContextClassLoader();
        threads.add(
            thread.getName()
                + (thread.isDaemon() ? " daemon " : " ")
                + (context == null ? "null" : context.getClass().getName()));
      } else if (!thread.isDaemon()) {
        threads.add("not a daemon: " + thread.getName());
      }
    }
    print("threads " + threads);
    print("own group " + Thread.activeCount() + " " + Thread.currentThread().getThreadGroup());
    print("handler " + Thread.getDefaultUncaughtExceptionHandler());
  }

  private static void printNet() throws Exception {
    // Succeeds only for the first who asks.
    URL.setURLStreamHandlerFactory(protocol -> null);
    print("caches " + new URL("file:/").openConnection().getDefaultUseCaches());
    print("redirects " + HttpURLConnection.getFollowRedirects());
    print("cookies " + CookieHandler.getDefault());
    print("proxies " + ProxySelector.getDefault().getClass().getName());
    Authenticator.setDefault(null);
  }

  private static void printManagement() {
    print("servers " + MBeanServerFactory.findMBeanServer(null).size());
    TreeSet<String> names = new TreeSet<>();
    for (ObjectName name : ManagementFactory.getPlatformMBeanServer().queryNames(null, null)) {
      names.add(name.getCanonicalName());
    }
    print("beans " + names);
  }

  private static void print(String line) {
    System.out.println(line.replaceAll("[\\r\\n]+", " "));
  }
}

package io.walsync.it.packaging;

import java.sql.DriverManager;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.LogManager;

/**
 * A program without SQLite. Prints whatever an agent might disturb, on both streams, and exits with
 * a code of its own.
 */
public final class PlainApp {

  static final int EXIT_CODE = 7;

  private PlainApp() {}

  /** The first touch of java.util.logging must be the program's: it decides on the LogManager. */
  public static final class OwnLogManager extends LogManager {}

  @SuppressWarnings("removal") // a security manager is part of the process
  public static void main(String[] args) {
    System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
    System.out.println("log manager " + LogManager.getLogManager().getClass().getName());

    new TreeMap<>(System.getProperties()).forEach((key, value) -> print(key + "=" + value));
    TreeSet<String> threads = new TreeSet<>();
    Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
    print("threads " + threads);
    print("context loader " + Thread.currentThread().getContextClassLoader().getClass().getName());
    print("locale " + Locale.getDefault() + " " + TimeZone.getDefault().getID());
    print("drivers " + DriverManager.drivers().count());
    print("handler " + Thread.getDefaultUncaughtExceptionHandler());
    print("security " + System.getSecurityManager());
    print("java.lang opened " + Object.class.getModule().isOpen("java.lang", ownModule()));
    System.err.println("done");
    System.exit(EXIT_CODE);
  }

  private static Module ownModule() {
    return PlainApp.class.getModule();
  }

  private static void print(String line) {
    System.out.println(line.replaceAll("\\R", " "));
  }
}

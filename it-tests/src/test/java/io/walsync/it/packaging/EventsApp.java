package io.walsync.it.packaging;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

/**
 * Runs one operation after the other, each announced by a line {@code # name}, and prints what the
 * bridge tells of it, a line for each event.
 */
public final class EventsApp {

  private EventsApp() {}

  public static void main(String[] args) throws Exception {
    String file = args[0];
    listen();
    section("open");
    Connection connection = Jdbc.connect(file);
    try (Statement statement = connection.createStatement()) {
      section("create");
      statement.executeUpdate("create table t(x integer primary key)");
      section("insert");
      statement.execute("insert into t select 1 union select 2 union select 3");
      section("prepared insert");
      try (PreparedStatement insert = connection.prepareStatement("insert into t values (?)")) {
        insert.setInt(1, 4);
        insert.executeUpdate();
      }
      section("transaction");
      connection.setAutoCommit(false);
      statement.executeUpdate("insert into t values (5)");
      connection.commit();
      connection.setAutoCommit(true);
      section("select");
      try (ResultSet rows = statement.executeQuery("select x from t where x <= 3")) {
        while (rows.next()) {
          rows.getInt(1);
        }
      }
      section("constraint");
      fail(() -> statement.execute("insert into t values (1)"));
      section("syntax");
      fail(() -> statement.executeUpdate("no sql"));
      section("backup");
      statement.executeUpdate("backup to " + file + ".bak");
      section("restore");
      statement.executeUpdate("restore from " + file + ".bak");
    }
    section("deserialize");
    deserialize(connection, file);
    section("close");
    connection.close();
    section("end");
    System.out.println("faults " + bridge().getMethod("faultCount").invoke(null));
  }

  private static void listen() throws Exception {
    Jdbc.nativeDb();
    BiFunction<Object, Object, Object> sink =
        (nativeDb, fileName) -> {
          System.out.println("opened " + name(fileName) + " " + nativeDb.getClass().getName());
          return new Printer();
        };
    bridge().getMethod("setSink", BiFunction.class).invoke(null, sink);
  }

  private static Class<?> bridge() throws ClassNotFoundException {
    String name = System.getProperty("bridge", "java.lang.WalsyncBridge");
    return Class.forName(name);
  }

  private static void deserialize(Connection connection, String file) throws Exception {
    try {
      Object content =
          connection.getClass().getMethod("serialize", String.class).invoke(connection, "main");
      connection
          .getClass()
          .getMethod("deserialize", String.class, byte[].class)
          .invoke(connection, "main", content);
    } catch (NoSuchMethodException oldDriver) {
      System.out.println("not in this version");
    }
  }

  private static void section(String name) {
    System.out.println("# " + name);
  }

  private interface Operation {
    void run() throws SQLException;
  }

  private static void fail(Operation operation) {
    try {
      operation.run();
      System.out.println("no exception");
    } catch (SQLException expected) {
      System.out.println("SQLException");
    }
  }

  /** The hook of one connection. */
  private static final class Printer
      implements ObjLongConsumer<Object>,
          LongConsumer,
          LongBinaryOperator,
          Consumer<Object>,
          ObjIntConsumer<Object> {

    private static String text(Object what) {
      return what instanceof byte[]
          ? new String((byte[]) what, StandardCharsets.UTF_8)
          : String.valueOf(what);
    }

    @Override
    public void accept(Object sql, long stmt) {
      System.out.println("prepared " + text(sql) + (stmt == 0 ? " without a statement" : ""));
    }

    @Override
    public void accept(long stmt) {
      System.out.println("before");
    }

    @Override
    public long applyAsLong(long stmt, long rc) {
      System.out.println("after " + rc);
      return 0;
    }

    @Override
    public void accept(Object what) {
      System.out.println("beforeCall " + text(what));
    }

    @Override
    public void accept(Object what, int rc) {
      System.out.println("afterCall " + text(what) + " " + rc);
    }
  }

  /** The driver without DriverManager, under either of its package names. */
  static final class Jdbc {

    private Jdbc() {}

    static Connection connect(String file) throws Exception {
      java.sql.Driver driver =
          (java.sql.Driver) Class.forName("org.sqlite.JDBC").getDeclaredConstructor().newInstance();
      return driver.connect("jdbc:sqlite:" + new File(file).getAbsolutePath(), new Properties());
    }

    static Class<?> nativeDb() throws ClassNotFoundException {
      ClassLoader loader = EventsApp.class.getClassLoader();
      try {
        return Class.forName("org.sqlite.core.NativeDB", false, loader);
      } catch (ClassNotFoundException before3_8) {
        return Class.forName("org.sqlite.NativeDB", false, loader);
      }
    }
  }

  /** With the name comes, from the newer wrappers, what SQLite says of the file. */
  private static Object name(Object fileName) {
    return fileName instanceof Object[] ? ((Object[]) fileName)[0] : fileName;
  }
}

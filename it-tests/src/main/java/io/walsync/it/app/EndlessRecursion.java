package io.walsync.it.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;

/**
 * An application that runs into the end of its stack, catches that, and uses its database as deep
 * as it can: at each level on the way back it tries again, until it succeeds. One line on standard
 * output answers each line on standard input:
 *
 * <pre>
 * memory       opens and closes a database in memory, which loads all of the driver
 * first        opens the connection that the others use, at the end of the stack
 * open         opens it with the stack nearly empty
 * deep COUNT   opens another connection, inserts a row and closes, at the end of the stack
 * insert COUNT on a stack that is nearly empty, with the first connection; the number of rows
 * exit         leaves by System.exit
 * </pre>
 */
public final class EndlessRecursion {

  private static final long STACK_BYTES = 512 * 1024;
  private static final long PATIENCE_MILLIS = 30_000;

  private final String url;
  private Connection connection;

  private EndlessRecursion(String file) {
    this.url = "jdbc:sqlite:" + file;
  }

  public static void main(String[] args) throws Exception {
    EndlessRecursion application = new EndlessRecursion(args[0]);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("exit")) {
        System.out.println("ok");
        System.exit(0);
      }
      System.out.println("ok " + application.run(line.split(" ")));
    }
    throw new IOException("end of input");
  }

  private long run(String[] words) throws Exception {
    switch (words[0]) {
      case "memory":
        DriverManager.getConnection("jdbc:sqlite::memory:").close();
        return 0;
      case "first":
        Class.forName("org.sqlite.JDBC");
        atTheEnd(() -> connection = DriverManager.getConnection(url));
        if (connection == null) {
          connection = DriverManager.getConnection(url);
        }
        return create();
      case "open":
        connection = DriverManager.getConnection(url);
        return create();
      case "deep":
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
          atTheEnd(this::openInsertAndClose);
        }
        return rowCount();
      default:
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
          insert(connection);
        }
        return rowCount();
    }
  }

  private long create() throws SQLException {
    execute(connection, "PRAGMA journal_mode=wal");
    execute(connection, "CREATE TABLE row(id INTEGER PRIMARY KEY, content BLOB)");
    return 0;
  }

  private Void openInsertAndClose() throws SQLException {
    try (Connection another = DriverManager.getConnection(url)) {
      execute(another, "PRAGMA busy_timeout=10000");
      insert(another);
    }
    return null;
  }

  private static void insert(Connection on) throws SQLException {
    execute(on, "INSERT INTO row(content) VALUES(randomblob(200))");
  }

  private long rowCount() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM row")) {
      return rows.getLong(1);
    }
  }

  private static void execute(Connection on, String sql) throws SQLException {
    try (Statement statement = on.createStatement()) {
      statement.execute(sql);
    }
  }

  /** On a thread of its own, so that the main thread answers whatever becomes of it. */
  private static void atTheEnd(Callable<?> work) throws InterruptedException {
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                descend(work);
              } catch (StackOverflowError | Exception tried) {
                return;
              }
            },
            "deep",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    thread.join(PATIENCE_MILLIS);
    if (thread.isAlive()) {
      throw new IllegalStateException("hangs");
    }
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack is full
  private static boolean descend(Callable<?> work) throws Exception {
    boolean isDone;
    try {
      isDone = descend(work);
    } catch (StackOverflowError end) {
      work.call();
      return true;
    }
    return isDone;
  }
}

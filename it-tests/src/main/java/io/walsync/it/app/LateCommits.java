package io.walsync.it.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that commits while it ends. One line on standard output answers each line on
 * standard input:
 *
 * <pre>
 * write FILE PAUSE_MILLIS      a daemon thread inserts rows until the JVM is gone
 * transact FILE PAUSE_MILLIS   likewise, three rows in each transaction
 * hook FILE DELAY_MILLIS COUNT a shutdown hook that opens the file after a while and inserts rows
 * exit                         leaves by System.exit
 * </pre>
 */
public final class LateCommits {

  private LateCommits() {}

  public static void main(String[] args) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("exit")) {
        System.out.println("ok");
        System.exit(0);
      }
      run(line.split(" "));
      System.out.println("ok");
    }
    throw new IOException("end of input");
  }

  private static void run(String[] words) throws SQLException {
    String file = words[1];
    long millis = Long.parseLong(words[2]);
    switch (words[0]) {
      case "hook":
        int count = Integer.parseInt(words[3]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> commit(file, millis, count)));
        break;
      default:
        Connection connection = open(file);
        boolean isTransaction = words[0].equals("transact");
        Thread writer = new Thread(() -> write(connection, millis, isTransaction));
        writer.setDaemon(true);
        writer.start();
    }
  }

  private static Connection open(String file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    execute(connection, "PRAGMA busy_timeout=10000");
    execute(connection, "PRAGMA journal_mode=wal");
    execute(connection, "CREATE TABLE IF NOT EXISTS row(id INTEGER PRIMARY KEY, content BLOB)");
    return connection;
  }

  private static void write(Connection connection, long pauseMillis, boolean isTransaction) {
    try {
      while (true) {
        connection.setAutoCommit(!isTransaction);
        for (int i = isTransaction ? 3 : 1; i > 0; i--) {
          execute(connection, "INSERT INTO row(content) VALUES(randomblob(100))");
        }
        if (isTransaction) {
          connection.commit();
        }
        LockSupport.parkNanos(pauseMillis * 1_000_000);
      }
    } catch (SQLException e) {
      System.err.println("writer: " + e);
    }
  }

  private static void commit(String file, long delayMillis, int count) {
    LockSupport.parkNanos(delayMillis * 1_000_000);
    try (Connection connection = open(file)) {
      for (int i = 0; i < count; i++) {
        execute(connection, "INSERT INTO row(content) VALUES(randomblob(100))");
      }
    } catch (SQLException e) {
      System.err.println("hook: " + e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

package io.walsync.bench.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** The smallest program with SQLite: says when {@code main} began and when it had read a row. */
public final class FirstRowApp {

  private FirstRowApp() {}

  public static void main(String[] arguments) throws Exception {
    long mainMicros = WallClock.micros();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE greeting (word TEXT)");
      statement.execute("INSERT INTO greeting VALUES ('hello')");
      try (ResultSet row = statement.executeQuery("SELECT word FROM greeting")) {
        row.next();
        row.getString(1);
      }
      long rowMicros = WallClock.micros();
      System.out.println("ok main=" + mainMicros + " row=" + rowMicros);
    }
  }
}

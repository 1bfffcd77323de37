package io.walsync.bench.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Opens a sample database and changes rows all over it. Argument: database. Commands: {@code change
 * <commits> <pause in milliseconds> <seed>}, {@code exit}.
 */
public final class UpdateApp {

  private static final int ROWS_PER_COMMIT = 20;

  private UpdateApp() {}

  public static void main(String[] arguments) throws Exception {
    Dialogue dialogue = new Dialogue();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0])) {
      long rowCount = rowCount(connection);
      dialogue.ok();
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        Random random = new Random(Long.parseLong(command[3]));
        for (int i = 0; i < Integer.parseInt(command[1]); i++) {
          change(connection, rowCount, random);
          TimeUnit.MILLISECONDS.sleep(Long.parseLong(command[2]));
        }
        dialogue.ok();
      }
    }
  }

  private static long rowCount(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(id) FROM sample")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void change(Connection connection, long rowCount, Random random)
      throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE sample SET number = ? WHERE id = ?")) {
      for (int i = 0; i < ROWS_PER_COMMIT; i++) {
        update.setLong(1, random.nextLong());
        update.setLong(2, 1 + Math.floorMod(random.nextLong(), rowCount));
        update.executeUpdate();
      }
    }
    connection.commit();
  }
}

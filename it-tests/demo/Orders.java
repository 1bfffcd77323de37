import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * A shop that takes orders, as plain JDBC; it knows nothing of Walsync.
 *
 * <pre>
 * java -cp sqlite-jdbc.jar Orders.java take DATABASE              takes orders until it is killed
 * java -cp sqlite-jdbc.jar Orders.java compare DATABASE RESTORED  is the second the first?
 * </pre>
 */
public final class Orders {

  private static final int PAUSE_MILLIS = 5;
  private static final int ORDERS_A_LINE = 100;

  private Orders() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 2 && args[0].equals("take")) {
      take(args[1]);
    } else if (args.length == 3 && args[0].equals("compare")) {
      System.exit(compare(args[1], args[2]) ? 0 : 1);
    } else {
      System.err.println("usage: take DATABASE | compare DATABASE RESTORED");
      System.exit(2);
    }
  }

  private static void take(String path) throws SQLException, InterruptedException {
    Random random = new Random();
    try (Connection connection = open(path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, customer TEXT, cents INT)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO orders(customer, cents) VALUES(?, ?)")) {
        for (int count = 1; ; count++) {
          insert.setString(1, "customer-" + random.nextInt(1000));
          insert.setInt(2, 100 + random.nextInt(100_000));
          insert.executeUpdate();
          if (count % ORDERS_A_LINE == 0) {
            System.out.println("  " + count + " orders taken");
          }
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }
  }

  private static boolean compare(String path, String restoredPath) throws SQLException {
    try (Connection connection = open(path);
        Statement statement = connection.createStatement()) {
      statement.execute("ATTACH '" + restoredPath + "' AS restored");
      long count = number(statement, "SELECT count(*) FROM main.orders");
      long restored = number(statement, "SELECT count(*) FROM restored.orders");
      long different =
          number(
              statement,
              "SELECT count(*) FROM"
                  + " (SELECT * FROM restored.orders EXCEPT SELECT * FROM main.orders)");
      System.out.println("  " + count + " orders in the application's database");
      System.out.println("  " + restored + " orders in the restored one, " + different + " differ");
      System.out.println(
          "  " + (count - restored) + " orders of the last moment had not left the machine yet");
      return different == 0 && restored > 0;
    }
  }

  private static Connection open(String path) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}

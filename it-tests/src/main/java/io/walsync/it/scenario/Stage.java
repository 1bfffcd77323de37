package io.walsync.it.scenario;

import java.io.File;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The place of one scenario: its database, the connections it leaves open, what it saw.
 *
 * <p>Threading: one thread at a time.
 */
final class Stage {

  private static final int BUSY_MILLIS = 10_000;
  private static final int ROW_COUNT = 20;
  private static final long SNAPSHOT_DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_MILLIS = 2;

  private final File database;
  private final File replica;
  private final Transcript transcript;
  private final List<Connection> open = new ArrayList<>();
  private boolean isLeftOpen;

  /**
   * @param replica where the database's replica appears; null if nobody replicates it or the
   *     scenario is not to wait for that
   */
  Stage(File database, File replica) {
    this.database = database;
    this.replica = replica;
    this.transcript = new Transcript(database.getParent());
  }

  File database() {
    return database;
  }

  /** Another file of the scenario's, beside its database. */
  File file(String suffix) {
    String name = database.getName();
    return new File(database.getParentFile(), name.substring(0, name.length() - 3) + "," + suffix);
  }

  Transcript transcript() {
    return transcript;
  }

  // ---- connections

  /** A WAL connection on the scenario's database. */
  Connection open() throws SQLException {
    return open(database);
  }

  Connection open(File file) throws SQLException {
    Connection connection = connect("jdbc:sqlite:" + file, new Properties());
    run(connection, "PRAGMA busy_timeout=" + BUSY_MILLIS);
    query(connection, "PRAGMA journal_mode=WAL");
    return connection;
  }

  Connection connect(String url, Properties properties) throws SQLException {
    Connection connection = DriverManager.getConnection(url, properties);
    open.add(connection);
    return connection;
  }

  /** Two tables with content, in one transaction; afterwards the database counts as old. */
  void prepare(Connection connection) throws SQLException, InterruptedException {
    connection.setAutoCommit(false);
    run(connection, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
    run(connection, "CREATE TABLE u(k TEXT PRIMARY KEY, v UNIQUE) WITHOUT ROWID");
    fill(connection, "t", 1, ROW_COUNT, 100);
    connection.commit();
    connection.setAutoCommit(true);
    awaitSnapshot();
  }

  /** Waits until the replica has the database as it was, if there is to be one. */
  void awaitSnapshot() throws InterruptedException {
    if (replica == null) {
      return;
    }
    File snapshots = new File(replica, "ltx/9");
    long deadline = System.nanoTime() + SNAPSHOT_DEADLINE_NANOS;
    while (!hasLtxFile(snapshots)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("no snapshot of " + database + " in " + snapshots);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static boolean hasLtxFile(File folder) {
    String[] names = folder.list();
    if (names != null) {
      for (String name : names) {
        if (name.endsWith(".ltx")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The scenario ends with the process, its connections open. */
  void leaveOpen() {
    isLeftOpen = true;
  }

  boolean isLeftOpen() {
    return isLeftOpen;
  }

  void close() {
    for (Connection connection : open) {
      attempt(
          "close",
          () -> {
            connection.close();
            return "";
          });
    }
    open.clear();
  }

  // ---- statements, all noted

  interface Action {
    Object run() throws Exception;
  }

  /** Notes what an action returns or throws, and goes on either way. */
  void attempt(String what, Action action) {
    try {
      transcript.note(what, action.run());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError failure) {
      transcript.failed(what, failure);
    }
  }

  /** {@code Statement.execute}. */
  void execute(Connection connection, String sql) {
    attempt(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            boolean hasRows = statement.execute(sql);
            return hasRows
                ? Transcript.rows(statement.getResultSet())
                : statement.getUpdateCount() + " changed";
          }
        });
  }

  /** {@code Statement.executeUpdate}. */
  void update(Connection connection, String sql) {
    attempt(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
          }
        });
  }

  /** {@code Statement.executeQuery}. */
  void select(Connection connection, String sql) {
    attempt(sql, () -> query(connection, sql));
  }

  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return Transcript.rows(rows);
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Inserts rows with bodies of that many characters. */
  static void fill(Connection connection, String table, int firstId, int count, int size)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES(?, ?)")) {
      for (int id = firstId; id < firstId + count; id++) {
        insert.setInt(1, id);
        insert.setString(2, body(id, size));
        insert.executeUpdate();
      }
    }
  }

  /** The same for the same arguments, and hard to compress. */
  static String body(int id, int size) {
    StringBuilder text = new StringBuilder(size);
    long state = id * 0x9E3779B97F4A7C15L + 1;
    while (text.length() < size) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      text.append((char) ('0' + (state >>> 58)));
    }
    return text.toString();
  }
}

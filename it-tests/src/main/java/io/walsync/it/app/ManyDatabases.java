package io.walsync.it.app;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that opens and closes, and makes and deletes, more databases than most. One line
 * on standard output answers each line on standard input:
 *
 * <pre>
 * cycle COUNT        opens one database, inserts a row and closes it, as often
 * open FIRST COUNT   makes databases of one row each, from that number on, and keeps them open
 * close              closes them all
 * delete FIRST COUNT deletes their files
 * brief FIRST COUNT  makes databases one after another, writes to each once it has a replica, and
 *                    closes and deletes it at once
 * usage              threads, loaded classes and bytes of live heap
 * exit
 * </pre>
 */
public final class ManyDatabases {

  /** Databases that are open while the first of them waits for its replica. */
  private static final int BRIEF_COUNT = 16;

  private static final long LOOK_NANOS = 1_000_000;

  private final File folder;
  private final File replicas;
  private final List<Connection> open = new ArrayList<>();

  private ManyDatabases(File folder, File replicas) {
    this.folder = folder;
    this.replicas = replicas;
  }

  public static void main(String[] args) throws IOException, SQLException {
    ManyDatabases app = new ManyDatabases(new File(args[0]), new File(args[1]));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("exit")) {
        System.out.println("ok");
        return;
      }
      System.out.println(("ok " + app.run(line.split(" "))).trim());
    }
  }

  private String run(String[] words) throws SQLException {
    int first = words.length > 1 ? Integer.parseInt(words[1]) : 0;
    int count = words.length > 2 ? Integer.parseInt(words[2]) : first;
    switch (words[0]) {
      case "cycle":
        for (int i = 0; i < count; i++) {
          make(new File(folder, "one.db"), i).close();
        }
        return "";
      case "open":
        for (int i = first; i < first + count; i++) {
          open.add(make(file(i), i));
        }
        return "";
      case "close":
        for (Connection connection : open) {
          connection.close();
        }
        open.clear();
        return "";
      case "delete":
        for (int i = first; i < first + count; i++) {
          delete(file(i));
        }
        return "";
      case "brief":
        for (int i = first; i < first + count + BRIEF_COUNT; i++) {
          if (i < first + count) {
            open.add(make(file(i), i));
          }
          if (i >= first + BRIEF_COUNT) {
            end(open.remove(0), i - BRIEF_COUNT);
          }
        }
        return "";
      case "usage":
        return usage();
      default:
        throw new IllegalArgumentException("no such command: " + words[0]);
    }
  }

  private File file(int number) {
    return new File(folder, "n" + number + ".db");
  }

  /** The last row is on its way to the store when the database is deleted. */
  private void end(Connection connection, int number) throws SQLException {
    File snapshots = new File(replicas, file(number).getName() + "/ltx/9");
    while (!snapshots.exists()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES(-1)");
    }
    connection.close();
    delete(file(number));
  }

  private static Connection make(File file, int row) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("CREATE TABLE IF NOT EXISTS t(v)");
      statement.execute("INSERT INTO t VALUES(" + row + ")");
    }
    return connection;
  }

  private static void delete(File file) {
    if (!file.delete()) {
      throw new IllegalStateException("cannot delete " + file);
    }
  }

  private static String usage() {
    System.gc();
    System.gc();
    return ManagementFactory.getThreadMXBean().getThreadCount()
        + " "
        + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()
        + " "
        + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

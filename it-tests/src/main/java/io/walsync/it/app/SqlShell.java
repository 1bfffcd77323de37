package io.walsync.it.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An application that does what it is told, with any number of named connections. What SQLite
 * refuses is an answer like any other, so that two runs of one script can be compared. One line on
 * standard output answers each line on standard input:
 *
 * <pre>
 * open NAME URL [property=value ...]
 * sql NAME STATEMENT      every row, columns separated by |, rows by ;
 * unread NAME STATEMENT   reads one row and leaves the statement open
 * reuse NAME STATEMENT    with the one Statement of the connection, whose last result was not read
 * script NAME STATEMENT;STATEMENT...   in one call of the driver's
 * close NAME
 * hand NAME               closes it on a thread of its own
 * cycle COUNT URL STATEMENT   opens, executes and closes as often
 * each COUNT URL STATEMENT    likewise; the first # in the URL is the number of the turn
 * temporary COUNT FOLDER STATEMENT    likewise with a.db in a folder that it then deletes at once
 * gc
 * exit                    closes nothing, leaves main
 * </pre>
 */
public final class SqlShell {

  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<String, Statement> reused = new HashMap<>();

  private SqlShell() {}

  public static void main(String[] args) throws IOException {
    SqlShell shell = new SqlShell();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("exit")) {
        System.out.println("ok");
        return;
      }
      System.out.println(shell.answer(line.split(" ", 3)));
    }
  }

  private String answer(String[] words) {
    try {
      return ("ok " + run(words)).trim();
    } catch (SQLException e) {
      return "ok refused " + e.getErrorCode();
    } catch (IOException | InterruptedException | RuntimeException e) {
      return "failed " + e.toString().replace('\n', ' ');
    }
  }

  private String run(String[] words) throws IOException, SQLException, InterruptedException {
    String name = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "open":
        connections.put(name, open(words[2].split(" ")));
        return "";
      case "sql":
        try (Statement statement = connections.get(name).createStatement()) {
          return rows(statement, words[2]);
        }
      case "unread":
        connections.get(name).createStatement().executeQuery(words[2]).next();
        return "";
      case "reuse":
        if (!reused.containsKey(name)) {
          reused.put(name, connections.get(name).createStatement());
        }
        reused.get(name).execute(words[2]);
        return "";
      case "script":
        try (Statement statement = connections.get(name).createStatement()) {
          statement.executeUpdate(words[2]);
          return "";
        }
      case "close":
        connections.remove(name).close();
        return "";
      case "hand":
        closeElsewhere(connections.remove(name));
        return "";
      case "cycle":
      case "each":
        cycle(Integer.parseInt(name), words[2].split(" ", 2));
        return "";
      case "temporary":
        temporary(Integer.parseInt(name), words[2].split(" ", 2));
        return "";
      case "gc":
        System.gc();
        return String.valueOf(
            Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
      default:
        throw new IllegalArgumentException("no such command: " + words[0]);
    }
  }

  private static Connection open(String[] urlAndProperties) throws SQLException {
    Properties properties = new Properties();
    for (int i = 1; i < urlAndProperties.length; i++) {
      String[] pair = urlAndProperties[i].split("=", 2);
      properties.setProperty(pair[0], pair[1]);
    }
    return DriverManager.getConnection(urlAndProperties[0], properties);
  }

  private static String rows(Statement statement, String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    if (!statement.execute(sql)) {
      return "";
    }
    try (ResultSet row = statement.getResultSet()) {
      int columnCount = row.getMetaData().getColumnCount();
      while (row.next()) {
        text.append(text.length() == 0 ? "" : ";");
        for (int column = 1; column <= columnCount; column++) {
          text.append(column == 1 ? "" : "|").append(row.getString(column));
        }
      }
    }
    return text.toString();
  }

  private static void closeElsewhere(Connection connection) throws InterruptedException {
    Thread closing =
        new Thread(
            () -> {
              try {
                connection.close();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    closing.start();
    closing.join();
  }

  private static void cycle(int count, String[] urlAndSql) throws SQLException {
    for (int i = 0; i < count; i++) {
      String url = urlAndSql[0].replace("#", String.valueOf(i));
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        for (String sql : urlAndSql[1].split(";")) {
          statement.execute(sql);
        }
      }
    }
  }

  private static void temporary(int count, String[] folderAndSql) throws SQLException, IOException {
    Path folder = Files.createDirectory(Paths.get(folderAndSql[0]));
    cycle(count, new String[] {"jdbc:sqlite:" + folder.resolve("a.db"), folderAndSql[1]});
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      // The database first, then the folder beside it.
      all = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}

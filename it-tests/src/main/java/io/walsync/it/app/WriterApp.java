package io.walsync.it.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The host application: reads commands from standard input, answers each with one line on standard
 * output, {@code ok ...} or {@code failed ...}. The end of the input ends it like {@code exit}.
 *
 * <pre>
 * open [pragma=value ...]     keep one connection open, with these settings
 * each [pragma=value ...]     from now on one connection for each statement
 * create                      make an empty ledger
 * insert COUNT [CHARACTERS]   that many commits of one row; answers the last sequence number
 * delete COUNT                that many commits which delete a sixteenth of the blobs each
 * transaction ROWS [CHARACTERS]
 * sql STATEMENT               runs to its end; answers its first row, columns separated by |
 * touch FILE                  opens and closes that file, as a copy or a checksum would
 * second DRIVER               keeps the database open through another copy of the driver, a jar
 * prepare STATEMENT           on the connection kept open, under the number answered
 * again NUMBER                runs what was prepared; answers as sql does
 * leak SQL                    on a connection of its own, of which one row is read; neither is closed
 * hook COUNT                  that many commits of one row in a shutdown hook
 * load CLASS                  loads a class without initialising it
 * java                        answers the version of the running Java
 * start [threads= seed= rows= size= pause=(µs) storm=(one in n)]
 * stop                        answers the number of commits since start
 * close                       close the connection kept open
 * visible                     what of the agent the application's class loaders can see
 * exit                        close nothing, leave main
 * </pre>
 *
 * Arguments: the database path, and the path of the journal of acknowledged commits.
 */
public final class WriterApp {

  private static final int DEFAULT_CHARACTERS = 200;

  private final Connections connections;
  private final CommitJournal journal;
  private final LedgerWriter ledger;
  private final List<PreparedStatement> prepared = new ArrayList<>();

  /** Held open until the end. */
  private final List<Statement> leaked = new ArrayList<>();

  private Connection kept;

  /** Held open until the end. */
  private Connection second;

  private WriterStorm storm;

  private WriterApp(Connections connections, CommitJournal journal) {
    this.connections = connections;
    this.journal = journal;
    this.ledger = new LedgerWriter(0, new Random(42), journal);
  }

  public static void main(String[] args) throws IOException, ClassNotFoundException {
    at(args[0], args[1]).serve();
  }

  /**
   * @param journalPath where acknowledged commits are noted
   */
  public static WriterApp at(String databasePath, String journalPath)
      throws IOException, ClassNotFoundException {
    // Drivers from before Java 6 do not announce themselves, nor do those inside a container.
    Class.forName("org.sqlite.JDBC");
    return new WriterApp(new Connections(databasePath), CommitJournal.at(journalPath));
  }

  /** Answers the commands on standard input until {@code exit}. */
  public void serve() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null) {
      if (line.equals("exit")) {
        System.out.println("ok");
        return;
      }
      System.out.println(answer(line));
    }
  }

  /** One command, one answer. */
  public String answer(String line) {
    int space = line.indexOf(' ');
    String verb = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1);
    try {
      return ("ok " + run(verb, rest)).trim();
    } catch (SQLException | InterruptedException | IOException | RuntimeException e) {
      return "failed " + e.toString().replace('\n', ' ');
    }
  }

  private String run(String verb, String rest)
      throws SQLException, InterruptedException, IOException {
    switch (verb) {
      case "open":
        connections.settings(Options.parse(rest).asMap());
        kept = connections.open();
        return "";
      case "each":
        connections.settings(Options.parse(rest).asMap());
        return "";
      case "create":
        return with(connection -> create(connection));
      case "insert":
        return repeat(rest, (connection, size) -> ledger.put(connection, size));
      case "delete":
        return repeat(rest, (connection, size) -> ledger.delete(connection));
      case "transaction":
        return transaction(rest);
      case "sql":
        return with(connection -> firstRow(connection, rest));
      case "touch":
        new RandomAccessFile(rest, "r").close();
        return "";
      case "second":
        second = connections.openThrough(rest);
        firstRow(second, "SELECT count(*) FROM sqlite_master");
        return "";
      case "prepare":
        prepared.add(kept.prepareStatement(rest));
        return String.valueOf(prepared.size() - 1);
      case "again":
        return firstRow(prepared.get(Integer.parseInt(rest)));
      case "leak":
        return leak(rest);
      case "hook":
        commitAtShutdown(Integer.parseInt(rest));
        return "";
      case "load":
        return loaded(rest);
      case "java":
        return System.getProperty("java.version");
      case "start":
        storm = new WriterStorm(connections, journal, Options.parse(rest));
        storm.start();
        return "";
      case "stop":
        return String.valueOf(storm.stop());
      case "close":
        kept.close();
        kept = null;
        return "";
      case "visible":
        return AgentTraces.seenBy(WriterApp.class.getClassLoader());
      default:
        throw new IllegalArgumentException("no such command: " + verb);
    }
  }

  /** Leaves nothing behind: for a container that stops the application and goes on. */
  public void stop() throws SQLException, InterruptedException {
    if (storm != null) {
      storm.stop();
    }
    if (kept != null) {
      kept.close();
    }
  }

  private String leak(String sql) throws SQLException {
    Statement statement = connections.open().createStatement();
    leaked.add(statement);
    if (statement.execute(sql)) {
      statement.getResultSet().next();
    }
    return "";
  }

  private void commitAtShutdown(int count) {
    Runnable commits =
        () -> {
          try {
            repeat(String.valueOf(count), (connection, size) -> ledger.put(connection, size));
          } catch (SQLException e) {
            throw new IllegalStateException("cannot commit at shutdown", e);
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(commits, "commits-at-shutdown"));
  }

  private static String loaded(String className) {
    try {
      return Class.forName(className, false, WriterApp.class.getClassLoader()).getName();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String create(Connection connection) throws SQLException {
    LedgerWriter.create(connection);
    return "";
  }

  private String repeat(String rest, Commit commit) throws SQLException {
    String[] words = rest.trim().split("\\s+");
    int size = words.length > 1 ? Integer.parseInt(words[1]) : DEFAULT_CHARACTERS;
    String last = "";
    for (int done = 0; done < Integer.parseInt(words[0]); done++) {
      last = with(connection -> String.valueOf(commit.run(connection, size)));
    }
    return last;
  }

  private String transaction(String rest) throws SQLException {
    String[] words = rest.trim().split("\\s+");
    int size = words.length > 1 ? Integer.parseInt(words[1]) : DEFAULT_CHARACTERS;
    int rowCount = Integer.parseInt(words[0]);
    return with(connection -> String.valueOf(ledger.transaction(connection, rowCount, size)));
  }

  private static String firstRow(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? firstRow(statement.getResultSet()) : "";
    }
  }

  private static String firstRow(PreparedStatement statement) throws SQLException {
    return statement.execute() ? firstRow(statement.getResultSet()) : "";
  }

  private static String firstRow(ResultSet results) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (ResultSet row = results) {
      int columnCount = row.getMetaData().getColumnCount();
      for (boolean isFirst = true; row.next(); isFirst = false) {
        for (int column = 1; isFirst && column <= columnCount; column++) {
          text.append(column == 1 ? "" : "|").append(row.getString(column));
        }
      }
    }
    return text.toString();
  }

  private String with(Task task) throws SQLException {
    if (kept != null) {
      return task.run(kept);
    }
    try (Connection connection = connections.open()) {
      return task.run(connection);
    }
  }

  private interface Task {
    String run(Connection connection) throws SQLException;
  }

  private interface Commit {
    long run(Connection connection, int size) throws SQLException;
  }
}

package io.walsync.it.scenario;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs every scenario twice: <em>settled</em>, once the database's replica exists, and
 * <em>hasty</em>, while whoever replicates may not even know of the connection.
 *
 * <pre>
 * run      every scenario; its connections stay open unless it closes them
 * close    closes them, but for the scenarios that leave them open
 * exit     leaves main
 * </pre>
 *
 * Arguments: the folder of the databases, the folder of the replicas or {@code -}, the file for
 * what was seen, and a regular expression of the scenarios to run.
 */
public final class ScenarioApp {

  /** Most of a scenario is waiting for fsyncs and for the agent. */
  private static final int THREADS = 6;

  /**
   * Reachable until the JVM ends: drivers up to 3.21.0 close a connection as it is collected, which
   * may happen after main, while the agent has its last word.
   */
  private static final Map<String, Stage> STAGES = new TreeMap<>();

  private final File folder;
  private final File replicas;
  private final File seen;
  private final String wanted;

  private ScenarioApp(File folder, File replicas, File seen, String wanted) {
    this.folder = folder;
    this.replicas = replicas;
    this.seen = seen;
    this.wanted = wanted;
  }

  public static void main(String[] args) throws Exception {
    // Drivers from before Java 6 do not announce themselves.
    Class.forName("org.sqlite.JDBC");
    // Old drivers load their library twice when two threads open the first connections.
    DriverManager.getConnection("jdbc:sqlite::memory:").close();
    File replicas = args[1].equals("-") ? null : new File(args[1]);
    new ScenarioApp(new File(args[0]), replicas, new File(args[2]), args[3]).serve();
  }

  private void serve() throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String command;
    while ((command = input.readLine()) != null) {
      if (command.equals("run")) {
        runAll();
      } else if (command.equals("close")) {
        closeAll();
      }
      write();
      System.out.println("ok");
      if (command.equals("exit")) {
        return;
      }
    }
  }

  private void runAll() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    for (Map.Entry<String, Scenario> entry : Scenarios.all().entrySet()) {
      if (!entry.getKey().matches(wanted)) {
        continue;
      }
      for (boolean isSettled : new boolean[] {true, false}) {
        String name = entry.getKey() + (isSettled ? "" : "-hasty");
        File replica = isSettled && replicas != null ? new File(replicas, name + ".db") : null;
        Stage stage = new Stage(new File(folder, name + ".db"), replica);
        STAGES.put(name, stage);
        running.add(threads.submit(() -> run(entry.getValue(), stage)));
      }
    }
    for (Future<?> scenario : running) {
      scenario.get();
    }
    threads.shutdown();
  }

  private static void run(Scenario scenario, Stage stage) {
    stage.attempt(
        "scenario",
        () -> {
          Connection connection = stage.open();
          stage.prepare(connection);
          scenario.run(stage, connection);
          return "done";
        });
  }

  private void closeAll() {
    for (Stage stage : STAGES.values()) {
      if (!stage.isLeftOpen()) {
        stage.close();
      }
    }
  }

  private void write() throws IOException {
    try (PrintWriter writer = new PrintWriter(seen, "UTF-8")) {
      for (Map.Entry<String, Stage> entry : STAGES.entrySet()) {
        for (String line : entry.getValue().transcript().lines()) {
          writer.println(entry.getKey() + ": " + line);
        }
      }
    }
  }
}

package io.walsync.bench;

import io.walsync.bench.app.FirstRowApp;
import io.walsync.bench.app.PlainApp;
import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.EmptyAgent;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.ProcessCpu;
import io.walsync.bench.lab.Replica;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the agent adds to the start of a JVM, without SQLite and with it. */
final class StartupSuite implements Suite {

  private static final double MICROS_PER_MILLI = 1e3;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final String CLASS_LOG = "classes.log";

  /** Milliseconds since the process was started. */
  private record Run(double mainMillis, double rowMillis, double exitMillis, double cpuMillis) {}

  /** An agent that does nothing: what the JVM itself takes for having one. */
  private static final String EMPTY_AGENT = "empty agent";

  private final ResultTable table =
      new ResultTable(
          "startup: milliseconds since the process was started",
          "program",
          "replica",
          "main",
          "added to main",
          "first row",
          "added to first row",
          "exit",
          "added to exit",
          "CPU",
          "added CPU",
          "classes");

  private final BarChart chart = new BarChart("startup", "Start of a JVM", "ms", false);

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String question() {
    return "time to main and to the first row, with and without";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return List.of(chart);
  }

  @Override
  public void run(Lab lab, Options options) {
    table.note("median (min..max) of alternating runs; added: the difference of each pair");
    table.note("the first of each kind warms the page cache and does not count");
    table.note("empty agent: what the JVM takes for having any; not ours to change");
    table.note("CPU: user and system time of the process, milliseconds, in ticks of 10");
    table.note("classes: loaded until exit, counted in a run that is not timed");
    table.note("exit waits until everything committed is in the replica");
    int runs = options.number("runs", 11, 3);
    for (String store : options.list("store", "dir", "dir")) {
      measure(lab, PlainApp.class, "without SQLite", store, runs);
      measure(lab, FirstRowApp.class, "one row of SQLite", store, runs);
    }
  }

  private void measure(Lab lab, Class<?> program, String name, String storeKind, int runs) {
    List<Run> without = new ArrayList<>();
    List<Run> empty = new ArrayList<>();
    List<Run> with = new ArrayList<>();
    Path storeFolder = lab.folder("startup-store");
    String[] emptyAgent = {"-javaagent:" + EmptyAgent.pack(storeFolder.resolve("empty-agent.jar"))};
    try (Store store = Store.open(storeKind, storeFolder)) {
      for (int i = 0; i <= runs; i++) {
        Run alone = run(lab, program, null);
        Run floor = run(lab, program, null, emptyAgent);
        Run replicated = run(lab, program, store.replica("run-" + i));
        if (i > 0) {
          without.add(alone);
          empty.add(floor);
          with.add(replicated);
        }
      }
      addRow(name, Store.NONE, without, null, classCount(lab, program, null));
      addRow(name, EMPTY_AGENT, empty, without, classCount(lab, program, null, emptyAgent));
      Replica replica = store.replica("classes");
      addRow(name, storeKind, with, without, classCount(lab, program, replica));
    }
    Folders.delete(storeFolder);
    Bench.progress("startup " + name + ", replica " + storeKind);
  }

  private static long classCount(Lab lab, Class<?> program, Replica replica, String... options) {
    Path folder = lab.folder("classes");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Xlog:class+load:file=" + folder.resolve(CLASS_LOG));
    run(folder, program, replica, all.toArray(new String[0]));
    try (Stream<String> lines = Files.lines(folder.resolve(CLASS_LOG))) {
      return lines.filter(line -> line.contains(" source: ")).count();
    } catch (IOException e) {
      throw new LabException("no log of classes", e);
    } finally {
      Folders.delete(folder);
    }
  }

  private static Run run(Lab lab, Class<?> program, Replica replica, String... options) {
    Path folder = lab.folder("startup");
    Run run = run(folder, program, replica, options);
    Folders.delete(folder);
    return run;
  }

  private static Run run(Path folder, Class<?> program, Replica replica, String... options) {
    Path database = folder.resolve("app.db");
    Child.Builder child = Child.of(program).options(options);
    if (replica != null) {
      child.agent(
          AgentYaml.empty()
              .merging()
              .database(database, replica)
              .writeTo(folder.resolve("walsync.yml")));
    }
    boolean hasRow = program == FirstRowApp.class;
    double cpuBefore = ProcessCpu.secondsOfChildren();
    long start = WallClock.micros();
    Run run;
    try (Child app = child.start(folder, database)) {
      app.awaitExit();
      long exit = WallClock.micros();
      Answer answer = app.answer();
      run =
          new Run(
              (answer.number("main") - start) / MICROS_PER_MILLI,
              hasRow ? (answer.number("row") - start) / MICROS_PER_MILLI : 0,
              (exit - start) / MICROS_PER_MILLI,
              (ProcessCpu.secondsOfChildren() - cpuBefore) * MILLIS_PER_SECOND);
    }
    if (hasRow && replica != null) {
      Restoration.verify(replica, database);
    }
    return run;
  }

  private void addRow(String name, String store, List<Run> runs, List<Run> without, long classes) {
    List<Double> main = new ArrayList<>();
    List<Double> row = new ArrayList<>();
    List<Double> exit = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    boolean hasRow = runs.get(0).rowMillis > 0;
    String group = hasRow ? "SQLite" : "no SQLite";
    boolean isWalsync = without != null && !store.equals(EMPTY_AGENT);
    String by = isWalsync ? "Walsync, " + store : store;
    chart.bar(group + ": main", by, spread(runs, Run::mainMillis));
    if (hasRow) {
      chart.bar(group + ": first row", by, spread(runs, Run::rowMillis));
    }
    chart.bar(group + ": exit", by, spread(runs, Run::exitMillis));
    for (int i = 0; without != null && i < runs.size(); i++) {
      main.add(runs.get(i).mainMillis - without.get(i).mainMillis);
      row.add(runs.get(i).rowMillis - without.get(i).rowMillis);
      exit.add(runs.get(i).exitMillis - without.get(i).exitMillis);
      cpu.add(runs.get(i).cpuMillis - without.get(i).cpuMillis);
    }
    table.row(
        name,
        store,
        spread(runs, Run::mainMillis),
        main.isEmpty() ? "" : new Spread(main),
        hasRow ? spread(runs, Run::rowMillis) : "",
        hasRow && !row.isEmpty() ? new Spread(row) : "",
        spread(runs, Run::exitMillis),
        exit.isEmpty() ? "" : new Spread(exit),
        spread(runs, Run::cpuMillis),
        cpu.isEmpty() ? "" : new Spread(cpu),
        classes);
  }

  private static Spread spread(List<Run> runs, Function<Run, Double> value) {
    return new Spread(runs.stream().map(value).toList());
  }
}

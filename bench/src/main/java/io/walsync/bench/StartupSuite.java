package io.walsync.bench;

import io.walsync.bench.app.FirstRowApp;
import io.walsync.bench.app.PlainApp;
import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.AgentYaml;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Replica;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the agent adds to the start of a JVM, without SQLite and with it. */
final class StartupSuite implements Suite {

  private static final double MICROS_PER_MILLI = 1e3;
  private static final String CLASS_LOG = "classes.log";

  /** Milliseconds since the process was started. */
  private record Run(double mainMillis, double rowMillis, double exitMillis) {}

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
          "classes");

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
  public void run(Lab lab, Options options) {
    table.note("median (min..max) of alternating runs; added: the difference of each pair");
    table.note("the first of each kind warms the page cache and does not count");
    table.note("classes: loaded until exit, counted in a run that is not timed");
    table.note("exit waits until everything committed is in the replica");
    int runs = options.number("runs", 11, 5);
    for (String store : options.list("store", "dir", "dir")) {
      measure(lab, PlainApp.class, "without SQLite", store, runs);
      measure(lab, FirstRowApp.class, "one row of SQLite", store, runs);
    }
  }

  private void measure(Lab lab, Class<?> program, String name, String storeKind, int runs) {
    List<Run> without = new ArrayList<>();
    List<Run> with = new ArrayList<>();
    Path storeFolder = lab.folder("startup-store");
    try (Store store = Store.open(storeKind, storeFolder)) {
      for (int i = 0; i <= runs; i++) {
        Run alone = run(lab, program, null, false);
        Run replicated = run(lab, program, store.replica("run-" + i), false);
        if (i > 0) {
          without.add(alone);
          with.add(replicated);
        }
      }
      long classesWithout = classCount(lab, program, null);
      long classesWith = classCount(lab, program, store.replica("classes"));
      addRow(name, Store.NONE, without, null, classesWithout);
      addRow(name, storeKind, with, without, classesWith);
    }
    Lab.remove(storeFolder);
    Bench.progress("startup " + name + ", replica " + storeKind);
  }

  private static long classCount(Lab lab, Class<?> program, Replica replica) {
    Path folder = lab.folder("classes");
    run(folder, program, replica, true);
    try (Stream<String> lines = Files.lines(folder.resolve(CLASS_LOG))) {
      return lines.filter(line -> line.contains(" source: ")).count();
    } catch (IOException e) {
      throw new LabException("no log of classes", e);
    } finally {
      Lab.remove(folder);
    }
  }

  private static Run run(Lab lab, Class<?> program, Replica replica, boolean isCounting) {
    Path folder = lab.folder("startup");
    Run run = run(folder, program, replica, isCounting);
    Lab.remove(folder);
    return run;
  }

  private static Run run(Path folder, Class<?> program, Replica replica, boolean isCounting) {
    Path database = folder.resolve("app.db");
    Child.Builder child = Child.of(program);
    if (isCounting) {
      child.options("-Xlog:class+load:file=" + folder.resolve(CLASS_LOG));
    }
    if (replica != null) {
      child.agent(
          new AgentYaml().database(database, replica, null).writeTo(folder.resolve("walsync.yml")));
    }
    boolean hasRow = program == FirstRowApp.class;
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
              (exit - start) / MICROS_PER_MILLI);
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
    boolean hasRow = runs.get(0).rowMillis > 0;
    for (int i = 0; without != null && i < runs.size(); i++) {
      main.add(runs.get(i).mainMillis - without.get(i).mainMillis);
      row.add(runs.get(i).rowMillis - without.get(i).rowMillis);
      exit.add(runs.get(i).exitMillis - without.get(i).exitMillis);
    }
    table.row(
        name,
        store,
        new Spread(runs.stream().map(Run::mainMillis).toList()),
        main.isEmpty() ? "" : new Spread(main),
        hasRow ? new Spread(runs.stream().map(Run::rowMillis).toList()) : "",
        hasRow && !row.isEmpty() ? new Spread(row) : "",
        new Spread(runs.stream().map(Run::exitMillis).toList()),
        exit.isEmpty() ? "" : new Spread(exit),
        classes);
  }
}

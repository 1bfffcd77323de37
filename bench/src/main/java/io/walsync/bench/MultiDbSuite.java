package io.walsync.bench;

import io.walsync.bench.app.ManyDatabasesApp;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.ProcessCpu;
import io.walsync.bench.lab.ProcessMemory;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.bench.wire.WireLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What one process with many databases costs, writing a little and idle. */
final class MultiDbSuite implements Suite {

  private static final int WRITES_PER_SECOND = 100;
  private static final long LOOK_MILLIS = 200;
  private static final long SETTLE_MILLIS = 2_500;
  private static final String HEAP = "-Xmx256m";
  private static final double MB = 1e6;
  private static final String BUSY = WRITES_PER_SECOND + " writes/s";
  private static final String IDLE = "idle";

  /**
   * One phase of one run.
   *
   * @param cpu percent of one processor, application and companion
   * @param rss median of both together, in MB
   * @param companionRss of the companion alone, in MB
   * @param heap of the application after a collection, in MB
   * @param threads of Java in the application, and the companion's
   */
  private record Phase(
      double cpu, double rss, double companionRss, double heap, double threads, double requests) {}

  private record Run(Phase busy, Phase idle) {}

  private final ResultTable table =
      new ResultTable(
          "multi-db: one application, " + WRITES_PER_SECOND + " writes/s in total, and idle",
          "databases",
          "load",
          "by",
          "CPU added, %",
          "RSS added, MB",
          "heap added, MB",
          "threads added",
          "requests/min",
          "its own process, RSS, MB");
  private final BarChart memory =
      new BarChart("multi-db-rss", "Memory added, " + BUSY + " in total", "MB of RSS", false);
  private final BarChart processor =
      new BarChart("multi-db-cpu", "Processor added, " + BUSY + " in total", "% of one", false);

  @Override
  public String name() {
    return "multi-db";
  }

  @Override
  public String question() {
    return "CPU, RSS, heap, requests and threads added by 1 to 1,000 databases, busy and idle";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return List.of(memory, processor);
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note("added: application and companion together, less the application alone, " + HEAP);
    table.note("median (min..max) of the runs; RSS: median of each phase's second half");
    table.note(
        "heap: the application's, live after a collection; threads: Java's, and all of the other"
            + " process");
    table.note("idle begins 2.5 s after the last write; requests are extrapolated");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.defaults(bed));
      table.note(contenders.note(bed));
      for (String count : options.list("databases", "1,5,10,20,100,1000", "1,100")) {
        measure(bed, contenders, options, Integer.parseInt(count));
      }
    }
  }

  private void measure(TestBed bed, Contenders contenders, Options options, int databaseCount)
      throws InterruptedException {
    int seconds = options.number("seconds", 30, 2);
    Map<Contender, Race.Score<Run>> scores =
        new Race<Run>(
                "multi-db " + databaseCount,
                contenders.withNobody(),
                options.number("runs", databaseCount > 100 ? 1 : 3, 1))
            .run(contender -> run(bed, contender, databaseCount, seconds * 1_000L));
    List<Run> alone = scores.values().iterator().next().runs();
    for (Map.Entry<Contender, Race.Score<Run>> entry : scores.entrySet()) {
      String by = entry.getKey().name();
      Race.Score<Run> score = entry.getValue();
      if (!score.isRight()) {
        table.failure(score.failure(), databaseCount, BUSY, by);
        table.failure(score.failure(), databaseCount, IDLE, by);
        memory.missing(group(databaseCount), by, score.failure());
        processor.missing(group(databaseCount), by, score.failure());
      } else if (entry.getKey().isReplicating()) {
        addRow(databaseCount, BUSY, by, phases(score.runs(), Run::busy), phases(alone, Run::busy));
        addRow(databaseCount, IDLE, by, phases(score.runs(), Run::idle), phases(alone, Run::idle));
      }
    }
    for (String name : contenders.absent()) {
      table.failure("not here", databaseCount, BUSY, name);
      table.failure("not here", databaseCount, IDLE, name);
    }
  }

  private static Run run(TestBed bed, Contender contender, int databaseCount, long millis)
      throws InterruptedException {
    Task task = bed.task(databaseCount, null);
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(ManyDatabasesApp.class).options(HEAP),
            t -> new Object[] {t.folder(), databaseCount})) {
      trial.app().ask("go " + Math.min(2_000, millis) + " " + WRITES_PER_SECOND);
      Phase busy = phase(trial, "go " + millis + " " + WRITES_PER_SECOND, millis);
      trial.app().ask("idle " + SETTLE_MILLIS);
      Phase idle = phase(trial, "idle " + millis, millis);
      trial.finish();
      task.clear();
      return new Run(busy, idle);
    }
  }

  private static Phase phase(Trial trial, String command, long millis) {
    long app = trial.app().pid();
    OptionalLong companion = trial.companion().pid();
    WireLog log = trial.task().server().wire().log();
    List<Double> ours = Collections.synchronizedList(new ArrayList<>());
    List<Double> theirs = Collections.synchronizedList(new ArrayList<>());
    int mark = log.mark();
    double cpu = cpu(app, companion);
    trial.app().tell(command);
    double cpuAfter;
    int requests;
    try (Sampler sampler =
        new Sampler(
            LOOK_MILLIS,
            () -> {
              ours.add(ProcessMemory.of(app).rssBytes() / MB);
              theirs.add(
                  companion.isPresent()
                      ? ProcessMemory.of(companion.getAsLong()).rssBytes() / MB
                      : 0);
            })) {
      // The collection at the end of a command is not part of the load.
      Trial.sleep(millis);
      cpuAfter = cpu(app, companion);
      requests = log.mark() - mark;
    }
    Answer answer = trial.app().answer();
    double companionRss = secondHalf(theirs);
    return new Phase(
        (cpuAfter - cpu) * 100_000 / millis,
        secondHalf(ours) + companionRss,
        companionRss,
        answer.number("heap") / MB,
        answer.number("threads")
            + (companion.isPresent() ? ProcessMemory.threadCount(companion.getAsLong()) : 0),
        requests * 60_000.0 / millis);
  }

  private static double cpu(long app, OptionalLong companion) {
    return ProcessCpu.seconds(app)
        + (companion.isPresent() ? ProcessCpu.seconds(companion.getAsLong()) : 0);
  }

  private static double secondHalf(List<Double> values) {
    return new Spread(values.subList(values.size() / 2, values.size())).median();
  }

  private static List<Phase> phases(List<Run> runs, Function<Run, Phase> phase) {
    return runs.stream().map(phase).toList();
  }

  private void addRow(
      int databaseCount, String load, String by, List<Phase> phases, List<Phase> alone) {
    Spread cpu = added(phases, alone, Phase::cpu);
    Spread rss = added(phases, alone, Phase::rss);
    if (load.equals(BUSY)) {
      memory.bar(group(databaseCount), by, rss);
      processor.bar(group(databaseCount), by, cpu);
    }
    boolean isCompanion = phases.get(0).companionRss > 0;
    table.row(
        databaseCount,
        load,
        by,
        cpu,
        rss,
        added(phases, alone, Phase::heap),
        added(phases, alone, Phase::threads),
        new Spread(phases.stream().map(Phase::requests).toList()),
        isCompanion ? new Spread(phases.stream().map(Phase::companionRss).toList()) : "");
  }

  private static String group(int databaseCount) {
    return databaseCount + (databaseCount == 1 ? " database" : " databases");
  }

  private static Spread added(
      List<Phase> phases, List<Phase> alone, Function<Phase, Double> value) {
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      added.add(value.apply(phases.get(i)) - value.apply(alone.get(i)));
    }
    return new Spread(added);
  }
}

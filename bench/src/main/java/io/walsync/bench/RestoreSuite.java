package io.walsync.bench;

import io.walsync.bench.app.UpdateApp;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.DatabaseFile;
import io.walsync.bench.lab.Download;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.SampleDatabase;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.lab.TimedProgram;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.bench.wire.WireLog;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole-process restores, each contender of its own replica, beside a download of its bytes. */
final class RestoreSuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final int COMMITS_PER_STEP = 20;
  private static final int COMMIT_PAUSE_MILLIS = 25;
  private static final double MB = 1e6;
  private static final long TAIL_SECONDS = 300;

  /** From here on, three runs are enough and must do. */
  private static final double LARGE_MB = 1_000;

  private static final int LARGE_RUNS = 3;

  /**
   * One restore.
   *
   * @param requests at the store
   * @param bytes received from the store
   */
  private record Run(
      TimedProgram.Result result, int requests, long bytes, double downloadSeconds, int files) {}

  private final ResultTable table =
      new ResultTable(
          "restore: whole process, from start to exit",
          "round trip, ms",
          "database, MB",
          "increments",
          "by",
          "s",
          "MB/s",
          "requests",
          "received, MB",
          "peak RSS, MB",
          "download alone, s",
          "objects");
  private final Map<String, BarChart> charts = new LinkedHashMap<>();

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String question() {
    return "restores of 1.2 MB to 1.2 GB, snapshot only and with a tail, beside a download";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return List.copyOf(charts.values());
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note("median (min..max), contenders in turn; MB/s of the database, not of the replica");
    table.note("each contender restores what it replicated itself; page cache warm");
    table.note(
        "download alone: the objects of that replica, one after the other, by this warm JVM, with"
            + " an fsync at the end");
    table.note(
        "increments: at least so many objects behind the snapshot; sync-interval 10ms to make them"
            + " (walrust: its 1 s, so it has fewer)");
    table.note(
        "the database has walrust's own table and was vacuumed, without which walrust's restore"
            + " fails");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.note(bed));
      for (String size : options.list("sizes", "1.2,12,120,1200", "1.2,12,120")) {
        double megabytes = Double.parseDouble(size);
        Path folder = lab.folder("sample");
        Path sample = folder.resolve("sample.db");
        SampleDatabase.create(sample, (long) (megabytes * MB));
        for (String tail : options.list("increments", "0,200", "0")) {
          measure(bed, contenders, options, sample, megabytes, Integer.parseInt(tail));
        }
        Folders.delete(folder);
      }
    }
  }

  private void measure(
      TestBed bed,
      Contenders contenders,
      Options options,
      Path sample,
      double megabytes,
      int increments)
      throws InterruptedException {
    int runs = options.number("runs", megabytes >= LARGE_MB ? LARGE_RUNS : 5, 2);
    String title = "restore " + Spread.number(megabytes) + " MB + " + increments;
    Map<Contender, Task> tasks = new LinkedHashMap<>();
    Map<Contender, Race.Score<Integer>> prepared =
        new Race<Integer>(title + ", replicated", contenders.replicating(), 1)
            .run(
                contender -> {
                  Task task = bed.task(1, increments == 0 ? null : "10ms");
                  tasks.put(contender, task);
                  return replicate(contender, task, sample, increments);
                });
    List<Contender> ready =
        contenders.replicating().stream().filter(c -> prepared.get(c).isRight()).toList();
    for (String roundTrip : options.list("round-trips", "0,5,30", "0")) {
      Map<Contender, Race.Score<Run>> scores =
          new Race<Run>(title + ", +" + roundTrip + " ms", ready, runs)
              .run(
                  contender -> {
                    bed.wire().roundTripMillis(Integer.parseInt(roundTrip));
                    return restore(contender, tasks.get(contender));
                  });
      bed.wire().roundTripMillis(0);
      addRows(contenders, prepared, scores, roundTrip, megabytes, increments);
    }
    tasks.values().forEach(Task::clear);
  }

  private void addRows(
      Contenders contenders,
      Map<Contender, Race.Score<Integer>> prepared,
      Map<Contender, Race.Score<Run>> scores,
      String roundTrip,
      double megabytes,
      int increments) {
    for (Contender contender : contenders.replicating()) {
      Race.Score<?> score =
          scores.containsKey(contender) ? scores.get(contender) : prepared.get(contender);
      if (score.isRight()) {
        addRow(roundTrip, megabytes, increments, contender, scores.get(contender).runs());
      } else {
        table.failure(score.failure(), roundTrip, megabytes, increments, contender.name());
        chart(increments, roundTrip).missing(group(megabytes), contender.name(), score.failure());
      }
    }
    contenders
        .absent()
        .forEach(name -> table.failure("not here", roundTrip, megabytes, increments, name));
  }

  /** Leaves a replica with a snapshot and at least so many increments; returns their count. */
  private static int replicate(Contender contender, Task task, Path sample, int increments) {
    Path database = task.database(DATABASE);
    DatabaseFile.copy(sample, database);
    try (Trial trial =
        Trial.start(contender, task, Child.of(UpdateApp.class), t -> new Object[] {database})) {
      long deadline = System.nanoTime() + TAIL_SECONDS * 1_000_000_000L;
      boolean isOften = !contender.name().startsWith("walrust");
      int wanted = isOften ? increments : increments / 10;
      for (int seed = 0; trial.increments(DATABASE).size() < wanted; seed++) {
        if (System.nanoTime() > deadline) {
          throw new LabException("too few increments");
        }
        trial.app().ask("change " + COMMITS_PER_STEP + " " + COMMIT_PAUSE_MILLIS + " " + seed);
      }
      trial.finish();
      return trial.increments(DATABASE).size();
    }
  }

  private static Run restore(Contender contender, Task task) {
    Path output = task.folder().resolve("restored.db");
    WireLog log = task.server().wire().log();
    int mark = log.mark();
    TimedProgram.Result result = contender.restore(task, DATABASE, output);
    var exchanges = log.since(mark);
    Trial.compare(task.database(DATABASE), output);
    Download download = Download.of(exchanges, task, output);
    long bytes = exchanges.stream().mapToLong(exchange -> exchange.answerBytes()).sum();
    return new Run(result, exchanges.size(), bytes, download.seconds(), download.objectCount());
  }

  private static String group(double megabytes) {
    return (megabytes + " MB").replace(".0 ", " ");
  }

  private BarChart chart(int increments, String roundTrip) {
    return charts.computeIfAbsent(
        "restore-" + increments + "-rtt" + roundTrip,
        name ->
            new BarChart(
                name,
                "Restore, " + increments + " increments, round trip " + roundTrip + " ms",
                "s (log)",
                true));
  }

  private void addRow(
      String roundTrip, double megabytes, int increments, Contender contender, List<Run> runs) {
    List<Double> values = new ArrayList<>();
    runs.forEach(run -> values.add(run.result.seconds()));
    Spread seconds = new Spread(values);
    Run last = runs.get(runs.size() - 1);
    chart(increments, roundTrip).bar(group(megabytes), contender.name(), seconds);
    table.row(
        roundTrip,
        megabytes,
        increments,
        contender.name(),
        seconds,
        megabytes / seconds.median(),
        last.requests,
        last.bytes / MB,
        new Spread(runs.stream().map(run -> run.result.peakRssBytes() / MB).toList()),
        new Spread(runs.stream().map(Run::downloadSeconds).toList()),
        last.files);
  }
}

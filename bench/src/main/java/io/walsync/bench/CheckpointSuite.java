package io.walsync.bench;

import io.walsync.bench.app.PacedApp;
import io.walsync.bench.app.Timeline;
import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.LineChart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long commits take around checkpoints, and how large the WAL is meanwhile. */
final class CheckpointSuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final int COMMITS_PER_SECOND = 2_000;
  private static final long PAUSE_MICROS = 1_000_000 / COMMITS_PER_SECOND;
  private static final long LOOK_MILLIS = 20;

  /** A commit that returned so close to a change of the database file is around a checkpoint. */
  private static final long AROUND_MICROS = 50_000;

  private static final long DRAIN_SECONDS = 120;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MB = 1e6;

  private record WalSize(long micros, long bytes) {}

  /** What the files beside a database showed, each 20 ms. */
  private static final class FileWatch {

    private final List<WalSize> sizes = new ArrayList<>();
    private final List<Long> checkpoints = new ArrayList<>();
    private final File database;
    private final File wal;
    private long modified;

    FileWatch(Path database) {
      this.database = database.toFile();
      this.wal = new File(database + "-wal");
      this.modified = this.database.lastModified();
    }

    void look() {
      long now = WallClock.micros();
      sizes.add(new WalSize(now, wal.length()));
      long changed = database.lastModified();
      if (changed != modified) {
        modified = changed;
        checkpoints.add(now);
      }
    }

    boolean isAround(long micros) {
      for (long checkpoint : checkpoints) {
        if (Math.abs(checkpoint - micros) <= AROUND_MICROS) {
          return true;
        }
      }
      return false;
    }
  }

  private record Run(Timeline commits, FileWatch files) {}

  /** What all runs of one contender have shown. */
  private static final class Tally {
    final List<Double> all = new ArrayList<>();
    final List<Double> around = new ArrayList<>();
    final List<Double> elsewhere = new ArrayList<>();
    final List<Double> walBytes = new ArrayList<>();
    final List<Double> rates = new ArrayList<>();
    int checkpointCount;

    void add(Run run) {
      Timeline commits = run.commits;
      for (int i = 0; i < commits.size(); i++) {
        double millis = commits.nanos(i) / NANOS_PER_MILLI;
        all.add(millis);
        (run.files.isAround(commits.micros(i)) ? around : elsewhere).add(millis);
      }
      run.files.sizes.forEach(size -> walBytes.add(size.bytes / MB));
      rates.add(
          commits.size()
              * MICROS_PER_SECOND
              / (commits.micros(commits.size() - 1) - commits.micros(0)));
      checkpointCount += run.files.checkpoints.size();
    }
  }

  private final ResultTable table =
      new ResultTable(
          "checkpoint: " + COMMITS_PER_SECOND + " commits/s, one row each",
          "synchronous",
          "by",
          "commits/s",
          "p50, ms",
          "p99, ms",
          "p99.9, ms",
          "max, ms",
          "looks with a checkpoint",
          "p99 around them, ms",
          "p99 elsewhere, ms",
          "WAL median, MB",
          "WAL max, MB");
  private final Map<String, LineChart> charts = new LinkedHashMap<>();

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public String question() {
    return "commit latency around checkpoints, and the WAL's size over time";
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
    table.note("a checkpoint shows as a change of the database file, looked at each 20 ms");
    table.note("around: commits that returned within 50 ms of such a look");
    table.note("none: SQLite's own checkpoint in a commit, each 1,000 pages");
    table.note("percentiles of all runs together");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.defaults(bed));
      table.note(contenders.note(bed));
      for (String synchronous : options.list("synchronous", "NORMAL,FULL", "NORMAL")) {
        Map<Contender, Race.Score<Run>> scores =
            new Race<Run>(
                    "checkpoint " + synchronous,
                    contenders.withNobody(),
                    options.number("runs", 3, 1))
                .run(contender -> run(bed, contender, synchronous, options));
        scores.forEach((contender, score) -> addRow(synchronous, contender.name(), score));
        contenders.absent().forEach(name -> table.failure("not here", synchronous, name));
      }
    }
  }

  private static Run run(TestBed bed, Contender contender, String synchronous, Options options) {
    int count = options.number("seconds", 30, 4) * COMMITS_PER_SECOND;
    Task task = bed.task(1, null);
    Path timeline = task.folder().resolve("timeline");
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(PacedApp.class),
            t -> new Object[] {t.database(DATABASE), timeline, synchronous})) {
      FileWatch files = new FileWatch(task.database(DATABASE));
      try (Sampler sampler = new Sampler(LOOK_MILLIS, files::look)) {
        trial.app().ask("go " + PAUSE_MICROS + " " + count);
      }
      Timeline commits = Timeline.readFrom(timeline);
      if (contender.isReplicating()) {
        trial.awaitCommit(DATABASE, count, DRAIN_SECONDS);
      }
      trial.finish();
      task.clear();
      return new Run(commits, files);
    }
  }

  private void addRow(String synchronous, String by, Race.Score<Run> score) {
    if (!score.isRight()) {
      table.failure(score.failure(), synchronous, by);
      return;
    }
    Tally tally = new Tally();
    score.runs().forEach(tally::add);
    drawWal(synchronous, by, score.runs().get(0));
    Spread latency = new Spread(tally.all);
    Spread wal = new Spread(tally.walBytes);
    table.row(
        synchronous,
        by,
        new Spread(tally.rates),
        latency.percentile(0.5),
        latency.percentile(0.99),
        latency.percentile(0.999),
        latency.max(),
        tally.checkpointCount,
        tally.around.isEmpty() ? "" : new Spread(tally.around).percentile(0.99),
        tally.elsewhere.isEmpty() ? "" : new Spread(tally.elsewhere).percentile(0.99),
        wal.median(),
        wal.max());
  }

  private void drawWal(String synchronous, String by, Run run) {
    LineChart chart =
        charts.computeIfAbsent(
            "checkpoint-wal-" + synchronous.toLowerCase(Locale.ROOT),
            name ->
                new LineChart(
                    name,
                    "Size of the WAL, " + COMMITS_PER_SECOND + " commits/s, " + synchronous,
                    "s",
                    "MB",
                    false));
    long start = run.files.sizes.get(0).micros;
    for (WalSize size : run.files.sizes) {
      chart.point(by, (size.micros - start) / MICROS_PER_SECOND, size.bytes / MB);
    }
  }
}

package io.walsync.bench;

import io.walsync.bench.app.Timeline;
import io.walsync.bench.app.WriterApp;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** One-row auto-commit inserts as fast as they go, alone and with each contender in turn. */
final class ThroughputSuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final long WAL_LOOK_MILLIS = 50;
  private static final long LAG_STEP_MICROS = 250_000;
  private static final String HEAP = "-Xmx512m";
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MB = 1e6;

  /**
   * What one run found.
   *
   * @param lags of the replica in seconds; empty without one
   * @param drainSeconds from the last commit until it was in the store
   */
  private record Run(
      Answer answer, long largestWalBytes, List<Double> lags, double drainSeconds, int putCount) {

    double commitsPerSecond() {
      return answer.number("commits") * 1e9 / answer.number("nanos");
    }
  }

  private final ResultTable table =
      new ResultTable(
          "throughput: unthrottled one-row commits, WAL mode",
          "synchronous",
          "writers",
          "by",
          "commits/s",
          "with/without",
          "p50, us",
          "p99, us",
          "p99.9, us",
          "max, ms",
          "largest WAL, MB",
          "lag median, s",
          "lag max, s",
          "last commit in store after, s",
          "objects");
  private final BarChart speed =
      new BarChart("throughput", "Commits, unthrottled writers", "commits/s", false);
  private final BarChart tail =
      new BarChart("throughput-p999", "Commit latency, p99.9", "ms (log)", true);

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public String question() {
    return "unthrottled writers alone and with each contender; how far the replica lags";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return List.of(speed, tail);
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note("median (min..max) of the runs; percentiles are each run's, over all writers");
    table.note("with/without compares each run with the one of the application alone before it");
    table.note("WAL, looked at each 50 ms, and lag are of the warm-up too, percentiles are not");
    table.note("store, proxy and peers run on the same processors as the application");
    table.note("lag: each 250 ms, the age of the oldest commit that is not in the store");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.defaults(bed));
      table.note(contenders.note(bed));
      for (String synchronous : options.list("synchronous", "NORMAL,FULL", "NORMAL,FULL")) {
        for (String writers : options.list("writers", "1,4,16", "1,16")) {
          measure(bed, contenders, options, synchronous, Integer.parseInt(writers));
        }
      }
    }
  }

  private void measure(
      TestBed bed, Contenders contenders, Options options, String synchronous, int writers)
      throws InterruptedException {
    String title = "throughput " + synchronous + ", writers " + writers;
    Map<Contender, Race.Score<Run>> scores =
        new Race<Run>(title, contenders.withNobody(), options.number("runs", 5, 1))
            .run(contender -> run(bed, options, contender, synchronous, writers));
    List<Run> without = scores.values().iterator().next().runs();
    for (Map.Entry<Contender, Race.Score<Run>> entry : scores.entrySet()) {
      Contender contender = entry.getKey();
      Race.Score<Run> score = entry.getValue();
      if (score.isRight()) {
        addRow(synchronous, writers, contender, score.runs(), without);
      } else {
        table.failure(score.failure(), synchronous, writers, contender.name());
        speed.missing(synchronous + ", " + writers, contender.name(), score.failure());
        tail.missing(synchronous + ", " + writers, contender.name(), score.failure());
      }
    }
    contenders.absent().forEach(name -> table.failure("not here", synchronous, writers, name));
  }

  private static Run run(
      TestBed bed, Options options, Contender contender, String synchronous, int writers) {
    long measuredMillis = options.number("seconds", 10, 1) * 1_000L;
    long warmUpMillis = Math.min(2_000, measuredMillis / 2);
    long drainSeconds = options.isQuick() ? 60 : 600;
    Task task = bed.task(1, null);
    Path timeline = task.folder().resolve("timeline");
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(WriterApp.class).library(Histogram.class).options(HEAP),
            t ->
                new Object[] {
                  t.database(DATABASE), synchronous, writers, warmUpMillis, measuredMillis, timeline
                })) {
      AtomicLong largestWal = new AtomicLong();
      Answer answer = write(trial.app(), task.database(DATABASE), largestWal);
      Answer last = trial.app().ask("finish");
      List<Double> lags = List.of();
      double drained = 0;
      int putCount = 0;
      if (contender.isReplicating()) {
        Durability durability = trial.awaitCommit(DATABASE, last.number("commit"), drainSeconds);
        long there = durability.micros(last.number("commit"));
        drained = Math.max(0, there - last.number("micros")) / MICROS_PER_SECOND;
        lags = lags(Timeline.readFrom(timeline), durability);
        putCount = trial.increments(DATABASE).size();
      }
      trial.finish();
      task.clear();
      return new Run(answer, largestWal.get(), lags, drained, putCount);
    }
  }

  private static Answer write(Child app, Path database, AtomicLong largestWal) {
    File wal = new File(database + "-wal");
    try (Sampler sampler =
        new Sampler(WAL_LOOK_MILLIS, () -> largestWal.accumulateAndGet(wal.length(), Math::max))) {
      return app.ask("go");
    }
  }

  /** Seconds between each moment and the oldest commit that was not in the store then. */
  private static List<Double> lags(Timeline commits, Durability durability) {
    List<Double> lags = new ArrayList<>();
    long end = commits.micros(commits.size() - 1);
    for (long now = commits.micros(0) + LAG_STEP_MICROS; now < end; now += LAG_STEP_MICROS) {
      long oldestMissing = commits.firstMicrosAfter(durability.newestAt(now));
      lags.add(Math.max(0, now - oldestMissing) / MICROS_PER_SECOND);
    }
    return lags;
  }

  private void addRow(
      String synchronous, int writers, Contender contender, List<Run> runs, List<Run> without) {
    boolean isReplicating = contender.isReplicating();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      ratios.add(runs.get(i).commitsPerSecond() / without.get(i).commitsPerSecond());
    }
    Spread commits = spread(runs, Run::commitsPerSecond);
    Spread p999 = spread(runs, run -> run.answer.number("p999") / NANOS_PER_MICRO);
    String group = synchronous + ", " + writers;
    speed.bar(group, contender.name(), commits);
    tail.bar(
        group, contender.name(), spread(runs, run -> run.answer.number("p999") / NANOS_PER_MILLI));
    table.row(
        synchronous,
        writers,
        contender.name(),
        commits,
        isReplicating ? new Spread(ratios) : "",
        spread(runs, run -> run.answer.number("p50") / NANOS_PER_MICRO),
        spread(runs, run -> run.answer.number("p99") / NANOS_PER_MICRO),
        p999,
        spread(runs, run -> run.answer.number("max") / NANOS_PER_MILLI),
        spread(runs, run -> run.largestWalBytes / MB),
        isReplicating ? spread(runs, run -> new Spread(run.lags).median()) : "",
        isReplicating ? spread(runs, run -> new Spread(run.lags).max()) : "",
        isReplicating ? spread(runs, Run::drainSeconds) : "",
        isReplicating ? spread(runs, run -> (double) run.putCount) : "");
  }

  private static Spread spread(List<Run> runs, Function<Run, Double> value) {
    return new Spread(runs.stream().map(value).toList());
  }
}

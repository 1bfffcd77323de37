package io.walsync.bench;

import io.walsync.bench.app.PacedApp;
import io.walsync.bench.app.Timeline;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.bench.wire.Put;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the return of a commit to the store's acknowledgement of the object that holds it. */
final class LatencySuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final String DEFAULT = "default";
  private static final double MICROS_PER_MILLI = 1e3;
  private static final long DRAIN_SECONDS = 60;
  private static final int FEWEST_COMMITS = 20;

  /** What one contender's run found. */
  private record Run(List<Double> millis, int putCount, int medianBytes, Spread bareMillis) {}

  private final ResultTable table =
      new ResultTable(
          "latency: from a commit's return to the store's acknowledgement of the object that holds"
              + " it",
          "round trip, ms",
          "commits/s",
          "by",
          "settings",
          "p50, ms",
          "p95, ms",
          "p99, ms",
          "max, ms",
          "commits",
          "objects",
          "object, bytes",
          "bare PUT p50, ms",
          "bare PUT p95, ms");
  private final List<Chart> charts = new ArrayList<>();

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String question() {
    return "from a commit's return to the store's acknowledgement, beside a bare PUT";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return charts;
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note(
        "a commit counts from its return in the application until the answer to the PUT of the"
            + " first object that holds its row, and of all objects before that, has passed the"
            + " proxy; both times are the machine's wall clock");
    table.note(
        "bare PUT: objects of the median size to the same server over the same proxy right"
            + " afterwards, one at a time over an open connection");
    table.note("pauses between commits are random within half and one and a half of the mean");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.note(bed));
      for (String roundTrip : options.list("round-trips", "0,5,30", "0")) {
        for (String interval : options.list("intervals", "default,10ms", "default,10ms")) {
          BarChart chart = chart(roundTrip, interval);
          for (String rate : options.list("rates", "1,20,200,2000", "100")) {
            bed.wire().roundTripMillis(Integer.parseInt(roundTrip));
            measure(bed, contenders, options, interval, rate, roundTrip, chart);
          }
          charts.add(chart);
        }
      }
    }
  }

  private static BarChart chart(String roundTrip, String interval) {
    String settings = interval.equals(DEFAULT) ? "default settings" : "sync-interval " + interval;
    return new BarChart(
        "latency-" + interval + "-rtt" + roundTrip,
        "Commit to store, median; " + settings + ", round trip " + roundTrip + " ms",
        "ms (log)",
        true);
  }

  private void measure(
      TestBed bed,
      Contenders contenders,
      Options options,
      String interval,
      String rate,
      String roundTrip,
      BarChart chart)
      throws InterruptedException {
    String syncInterval = interval.equals(DEFAULT) ? null : interval;
    long pauseMicros = (long) (1e6 / Double.parseDouble(rate));
    int seconds = options.number("seconds", 30, 3);
    int count = (int) Math.max(FEWEST_COMMITS, seconds * 1_000_000L / pauseMicros);
    String title = "latency " + rate + " commits/s, " + interval + ", +" + roundTrip + " ms";
    Map<Contender, Race.Score<Run>> scores =
        new Race<Run>(title, contenders.replicating(), options.number("runs", 1, 1))
            .run(contender -> run(bed, contender, syncInterval, pauseMicros, count));
    for (Map.Entry<Contender, Race.Score<Run>> entry : scores.entrySet()) {
      String by = entry.getKey().name();
      String settings = entry.getKey().settings(bed.sample(syncInterval));
      if (entry.getValue().isRight()) {
        Spread latency = addRow(roundTrip, rate, by, settings, entry.getValue().runs());
        chart.bar(rate + "/s", by, latency);
      } else {
        table.failure(entry.getValue().failure(), roundTrip, rate, by, settings);
        chart.missing(rate + "/s", by, entry.getValue().failure());
      }
    }
    contenders.absent().forEach(name -> table.failure("not here", roundTrip, rate, name, ""));
  }

  private static Run run(
      TestBed bed, Contender contender, String syncInterval, long pauseMicros, int count)
      throws InterruptedException {
    Task task = bed.task(1, syncInterval);
    Path timeline = task.folder().resolve("timeline");
    int warmUpCount = Math.max(3, count / 10);
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(PacedApp.class),
            t -> new Object[] {t.database(DATABASE), timeline, "NORMAL"})) {
      trial.app().ask("go " + pauseMicros + " " + warmUpCount);
      trial.app().ask("go " + pauseMicros + " " + count);
      Durability durability = trial.awaitCommit(DATABASE, warmUpCount + count, DRAIN_SECONDS);
      List<Put> puts = trial.increments(DATABASE);
      Timeline commits = Timeline.readFrom(timeline);
      List<Double> millis = new ArrayList<>();
      for (int i = warmUpCount; i < commits.size(); i++) {
        long durable = durability.micros(commits.commit(i));
        millis.add((durable - commits.micros(i)) / MICROS_PER_MILLI);
      }
      int medianBytes =
          (int) new Spread(puts.stream().map(put -> (double) put.sizeBytes()).toList()).median();
      Spread bare = BarePuts.measure(bed, medianBytes);
      trial.finish();
      task.clear();
      return new Run(millis, puts.size(), medianBytes, bare);
    }
  }

  /** Returns the medians of the runs. */
  private Spread addRow(String roundTrip, String rate, String by, String settings, List<Run> runs) {
    List<Double> all = new ArrayList<>();
    runs.forEach(run -> all.addAll(run.millis));
    Spread latency = new Spread(all);
    List<Double> bare = new ArrayList<>();
    runs.forEach(run -> bare.addAll(run.bareMillis.values()));
    Run last = runs.get(runs.size() - 1);
    table.row(
        roundTrip,
        rate,
        by,
        settings,
        latency.percentile(0.5),
        latency.percentile(0.95),
        latency.percentile(0.99),
        latency.max(),
        all.size(),
        last.putCount,
        last.medianBytes,
        new Spread(bare).percentile(0.5),
        new Spread(bare).percentile(0.95));
    return new Spread(runs.stream().map(run -> new Spread(run.millis).percentile(0.5)).toList());
  }
}

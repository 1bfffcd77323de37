package io.walsync.bench;

import io.walsync.bench.app.PacedApp;
import io.walsync.bench.app.Timeline;
import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.FolderSize;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.lab.WrongRestoreException;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.bench.wire.Weather;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The store is cut off under load and comes back. */
final class RecoverySuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final int COMMITS_PER_SECOND = 50;
  private static final long PAUSE_MICROS = 1_000_000 / COMMITS_PER_SECOND;
  private static final int SECONDS_BEFORE = 3;
  private static final long LOOK_MILLIS = 100;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MILLION = 1e6;

  /**
   * What one outage did.
   *
   * @param backlogSeconds from the store's return until everything committed before it was there
   * @param before commit latencies in milliseconds
   */
  private record Run(
      double backlogSeconds, long stagingBytes, long walBytes, Spread before, Spread during) {}

  private final ResultTable table =
      new ResultTable(
          "recovery: the store is away under " + COMMITS_PER_SECOND + " commits/s",
          "outage",
          "for, s",
          "by",
          "backlog gone after, s",
          "rows lost",
          "staging, MB",
          "WAL, MB",
          "commit p99 before, ms",
          "commit p99 during, ms",
          "commit max during, ms");
  private final Map<String, BarChart> charts = new LinkedHashMap<>();

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String question() {
    return "the store refused, black-holed, 503, half-open, slow: backlog, rows lost, staging";
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
    String all = "refused,black-hole,503,half-open,slow";
    List<Weather> weathers =
        options.list("weather", all, all).stream().map(RecoverySuite::weather).toList();
    table.note(
        "backlog gone: from the store's return until every commit made before it was acknowledged;"
            + " the load goes on");
    table.note("staging, WAL: the largest seen, each 100 ms, of the contender's folder and -wal");
    table.note(
        "the contenders run side by side, each with an application and a proxy of its own; outages"
            + " at a time: "
            + Math.min(atOnce(options), weathers.size()));
    table.note(
        "who has not caught up "
            + patienceSeconds(options)
            + " s after the last commit is asked to stop and, 40 s later, killed");
    table.note("black hole: what waited passes afterwards; half-open: it never does");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.defaults(bed));
      table.note(contenders.note(bed));
      for (String outage : options.list("outages", "10,60,300", "10")) {
        measure(bed, contenders, options, weathers, Integer.parseInt(outage));
      }
    }
  }

  private static int atOnce(Options options) {
    return options.number("at-once", 1, Weather.values().length);
  }

  private static int patienceSeconds(Options options) {
    return options.number("patience", 420, 28);
  }

  private static Weather weather(String name) {
    for (Weather weather : Weather.values()) {
      if (weather.label().replace(' ', '-').equals(name)) {
        return weather;
      }
    }
    throw new LabException("no weather " + name);
  }

  private void measure(
      TestBed bed, Contenders contenders, Options options, List<Weather> weathers, int seconds)
      throws InterruptedException {
    Map<Weather, Map<Contender, Race.Score<Run>>> found =
        Together.run(
            weathers, atOnce(options), weather -> race(bed, contenders, options, weather, seconds));
    found.forEach(
        (weather, scores) -> {
          addRows(weather, seconds, scores);
          contenders
              .absent()
              .forEach(name -> table.failure("not here", weather.label(), seconds, name));
        });
  }

  private static Map<Contender, Race.Score<Run>> race(
      TestBed bed, Contenders contenders, Options options, Weather weather, int seconds)
      throws InterruptedException {
    int secondsAfter = options.number("seconds", 20, 3);
    long deadlineSeconds = patienceSeconds(options);
    String title = "recovery " + weather.label() + " " + seconds + " s";
    return new Race<Run>(title, contenders.replicating(), 1)
        .runTogether(
            contender -> run(bed, contender, weather, seconds, secondsAfter, deadlineSeconds));
  }

  private void addRows(Weather weather, int seconds, Map<Contender, Race.Score<Run>> scores) {
    for (Map.Entry<Contender, Race.Score<Run>> entry : scores.entrySet()) {
      String by = entry.getKey().name();
      if (entry.getValue().isRight()) {
        addRow(weather, seconds, by, entry.getValue().runs().get(0));
      } else {
        table.failure(entry.getValue().failure(), weather.label(), seconds, by);
        chart(seconds).missing(weather.label(), by, entry.getValue().failure());
      }
    }
  }

  private static Run run(
      TestBed bed,
      Contender contender,
      Weather weather,
      int seconds,
      int secondsAfter,
      long deadlineSeconds) {
    Task task = bed.task(bed.anotherWire(), 1, null);
    Path timeline = task.folder().resolve("timeline");
    int count = (SECONDS_BEFORE + seconds + secondsAfter) * COMMITS_PER_SECOND;
    AtomicLong staging = new AtomicLong();
    AtomicLong wal = new AtomicLong();
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(PacedApp.class),
            t -> new Object[] {t.database(DATABASE), timeline, "NORMAL"})) {
      Outage outage;
      try (Sampler sampler = new Sampler(LOOK_MILLIS, () -> look(contender, task, staging, wal))) {
        trial.app().tell("go " + PAUSE_MICROS + " " + count);
        outage = Outage.of(task, weather, seconds);
        trial.app().answer();
      }
      Timeline commits = Timeline.readFrom(timeline);
      Durability durability = settle(trial, count, deadlineSeconds);
      long durable = durability.micros(commits.newestAt(outage.back));
      task.clear();
      return new Run(
          Math.max(0, durable - outage.back) / MICROS_PER_SECOND,
          staging.get(),
          wal.get(),
          commitMillis(commits, 0, outage.away),
          commitMillis(commits, outage.away, outage.back));
    }
  }

  /** When the store went and when it came back, in microseconds. */
  private record Outage(long away, long back) {

    static Outage of(Task task, Weather weather, int seconds) {
      Trial.sleep(SECONDS_BEFORE * 1_000L);
      long away = WallClock.micros();
      task.server().wire().weather(weather);
      Trial.sleep(seconds * 1_000L);
      long back = WallClock.micros();
      task.server().wire().weather(Weather.CALM);
      return new Outage(away, back);
    }
  }

  private static void look(Contender contender, Task task, AtomicLong staging, AtomicLong wal) {
    long sum = 0;
    for (Path path : contender.localState(task, DATABASE)) {
      sum += FolderSize.of(path);
    }
    staging.accumulateAndGet(sum, Math::max);
    wal.accumulateAndGet(FolderSize.of(task.folder().resolve(DATABASE + ".db-wal")), Math::max);
  }

  /** Waits for the last commit and proves the replica, whether it came or not. */
  private static Durability settle(Trial trial, int lastCommit, long deadlineSeconds) {
    try {
      Durability durability = trial.awaitCommit(DATABASE, lastCommit, deadlineSeconds);
      trial.finish();
      return durability;
    } catch (LabException late) {
      String reason = late.getMessage().lines().findFirst().orElse("");
      try {
        trial.finish();
      } catch (WrongRestoreException wrong) {
        throw new WrongRestoreException(wrong.getMessage() + "; " + reason);
      }
      throw new LabException(reason + ", but complete after an orderly stop");
    }
  }

  private static Spread commitMillis(Timeline commits, long from, long to) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < commits.size(); i++) {
      if (commits.micros(i) >= from && commits.micros(i) < to) {
        millis.add(commits.nanos(i) / MILLION);
      }
    }
    return new Spread(millis);
  }

  private BarChart chart(int seconds) {
    return charts.computeIfAbsent(
        "recovery-" + seconds,
        name ->
            new BarChart(name, "Backlog gone after an outage of " + seconds + " s", "s", false));
  }

  private void addRow(Weather weather, int seconds, String by, Run run) {
    chart(seconds).bar(weather.label(), by, new Spread(List.of(run.backlogSeconds)));
    table.row(
        weather.label(),
        seconds,
        by,
        run.backlogSeconds,
        0,
        run.stagingBytes / MILLION,
        run.walBytes / MILLION,
        run.before.percentile(0.99),
        run.during.percentile(0.99),
        run.during.max());
  }
}

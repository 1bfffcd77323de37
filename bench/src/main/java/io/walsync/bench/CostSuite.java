package io.walsync.bench;

import io.walsync.bench.app.PacedApp;
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
import io.walsync.bench.wire.Exchange;
import io.walsync.bench.wire.RequestKind;
import io.walsync.bench.wire.WireLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the store's owner charges for. */
final class CostSuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final String IDLE = "0";
  private static final long SETTLE_MILLIS = 3_000;
  private static final double MB = 1e6;

  private record Run(List<Exchange> exchanges, double seconds) {

    double perHour(RequestKind kind) {
      return S3Price.perHour((double) S3Price.count(exchanges, kind), seconds);
    }

    double bytesPerHour() {
      long bytes = exchanges.stream().mapToLong(Exchange::requestBytes).sum();
      return S3Price.perHour((double) bytes, seconds);
    }

    double dollarsPerMonth() {
      return S3Price.requestsPerMonth(exchanges, seconds);
    }
  }

  private final ResultTable table =
      new ResultTable(
          "cost: requests of one database, at S3's list price",
          "commits/s",
          "by",
          "PUT/h",
          "LIST/h",
          "GET/h",
          "DELETE/h",
          "sent, MB/h",
          "requests, $/month");
  private final BarChart chart =
      new BarChart("cost", "Requests of one database at S3's list price", "$ a month", false);

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String question() {
    return "requests and bytes per hour, idle and busy, and the monthly bill";
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
  public void run(Lab lab, Options options) throws InterruptedException {
    int seconds = options.number("seconds", 300, 10);
    table.note("counted at the proxy for " + seconds + " s after the start, and extrapolated");
    table.note(
        "list price: $"
            + S3Price.PUT_AND_LIST_PER_1000
            + " for 1,000 PUT, POST or LIST, $"
            + String.format(Locale.ROOT, "%.4f", S3Price.GET_PER_1000)
            + " for 1,000 GET, DELETE free, month of 730 hours; storage ($"
            + S3Price.STORAGE_PER_GB_MONTH
            + " a GB and month) depends on what is kept and is not in it");
    table.note("Litestream's compactions at 5 min and 1 h are in it only as far as the time goes");
    table.note("all rates and contenders run side by side, each with a proxy of its own");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.defaults(bed));
      table.note(contenders.note(bed));
      List<String> rates = options.list("rates", "0,1,100", "0,10");
      Together.run(rates, rates.size(), rate -> race(bed, contenders, rate, seconds))
          .forEach(
              (rate, scores) -> {
                scores.forEach((contender, score) -> addRow(rate, contender.name(), score));
                contenders.absent().forEach(name -> table.failure("not here", rate, name));
              });
    }
  }

  private static Map<Contender, Race.Score<Run>> race(
      TestBed bed, Contenders contenders, String rate, int seconds) throws InterruptedException {
    return new Race<Run>("cost at " + rate + " commits/s", contenders.replicating(), 1)
        .runTogether(contender -> run(bed, contender, rate, seconds));
  }

  private static Run run(TestBed bed, Contender contender, String rate, int seconds) {
    Task task = bed.task(bed.anotherWire(), 1, null);
    Path timeline = task.folder().resolve("timeline");
    try (Trial trial =
        Trial.start(
            contender,
            task,
            Child.of(PacedApp.class),
            t -> new Object[] {t.database(DATABASE), timeline, "NORMAL"})) {
      trial.app().ask("go 10000 10");
      Trial.sleep(SETTLE_MILLIS);
      WireLog log = task.server().wire().log();
      int mark = log.mark();
      long start = System.nanoTime();
      if (rate.equals(IDLE)) {
        Trial.sleep(seconds * 1_000L);
      } else {
        int perSecond = Integer.parseInt(rate);
        trial.app().ask("go " + 1_000_000 / perSecond + " " + perSecond * seconds);
      }
      Run run = new Run(log.since(mark), (System.nanoTime() - start) / 1e9);
      trial.finish();
      task.clear();
      return run;
    }
  }

  private static String group(String rate) {
    return rate.equals(IDLE) ? "idle" : rate + " commits/s";
  }

  private void addRow(String rate, String by, Race.Score<Run> score) {
    if (!score.isRight()) {
      table.failure(score.failure(), rate, by);
      chart.missing(group(rate), by, score.failure());
      return;
    }
    List<Run> runs = score.runs();
    List<Double> dollars = new ArrayList<>();
    runs.forEach(run -> dollars.add(run.dollarsPerMonth()));
    chart.bar(group(rate), by, new Spread(dollars));
    Run run = runs.get(0);
    table.row(
        rate,
        by,
        run.perHour(RequestKind.PUT),
        run.perHour(RequestKind.LIST),
        run.perHour(RequestKind.GET),
        run.perHour(RequestKind.DELETE),
        run.bytesPerHour() / MB,
        new Spread(dollars));
  }
}

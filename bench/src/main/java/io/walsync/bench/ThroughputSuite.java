package io.walsync.bench;

import io.walsync.bench.app.Timeline;
import io.walsync.bench.app.WriterApp;
import io.walsync.bench.lab.AgentYaml;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LtxFiles;
import io.walsync.bench.lab.Replica;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** One-row auto-commit inserts as fast as they go, alternately without and with the agent. */
final class ThroughputSuite implements Suite {

  private static final long WAL_LOOK_MILLIS = 50;
  private static final String HEAP = "-Xmx512m";
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MB = 1e6;

  /**
   * What one run found.
   *
   * @param lags of the replica in seconds; empty without the agent
   * @param drainSeconds from the last commit until it was in the replica
   */
  private record Run(
      Answer answer, long largestWalBytes, List<Double> lags, double drainSeconds, int fileCount) {

    double commitsPerSecond() {
      return answer.number("commits") * 1e9 / answer.number("nanos");
    }
  }

  private final ResultTable table =
      new ResultTable(
          "throughput: unthrottled one-row commits, WAL mode",
          "synchronous",
          "writers",
          "replica",
          "commits/s",
          "with/without",
          "p50, us",
          "p99, us",
          "p99.9, us",
          "max, ms",
          "largest WAL, MB",
          "lag median, s",
          "lag max, s",
          "last commit in replica after, s",
          "L0 files");

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note("median (min..max) of the runs; percentiles are each run's, over all writers");
    table.note("with/without compares each run with the one without the agent just before it");
    table.note("WAL, looked at each 50 ms, and lag are of the warm-up too, percentiles are not");
    table.note("s3: the server runs on the same processors as the application");
    table.note("lag: each 250 ms, the age of the oldest commit that is not in the replica");
    for (String synchronous : options.list("synchronous", "NORMAL,FULL", "NORMAL,FULL")) {
      for (String writers : options.list("writers", "1,4", "1,4")) {
        measure(lab, options, synchronous, Integer.parseInt(writers));
      }
    }
  }

  private void measure(Lab lab, Options options, String synchronous, int writers)
      throws InterruptedException {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    List<String> stores = new ArrayList<>(List.of(Store.NONE));
    stores.addAll(options.list("store", "dir", "dir"));
    for (int i = 0; i < options.number("runs", 3, 1); i++) {
      for (String store : stores) {
        Run run = run(lab, options, synchronous, writers, store);
        runs.computeIfAbsent(store, key -> new ArrayList<>()).add(run);
        Bench.progress(
            "throughput "
                + synchronous
                + ", "
                + writers
                + " writers, replica "
                + store
                + ": "
                + Spread.number(run.commitsPerSecond())
                + " commits/s");
      }
    }
    runs.forEach((store, of) -> addRow(synchronous, writers, store, of, runs.get(Store.NONE)));
  }

  private Run run(Lab lab, Options options, String synchronous, int writers, String storeKind)
      throws InterruptedException {
    long measuredMillis = options.number("seconds", 10, 3) * 1_000L;
    long warmUpMillis = Math.min(2_000, measuredMillis / 2);
    Path folder = lab.folder("throughput");
    Path database = folder.resolve("app.db");
    Path timeline = folder.resolve("timeline");
    Object[] arguments = {database, synchronous, writers, warmUpMillis, measuredMillis, timeline};
    Child.Builder program = Child.of(WriterApp.class).options(HEAP);
    Run run;
    if (storeKind.equals(Store.NONE)) {
      try (Child app = program.start(folder, arguments)) {
        app.answer();
        run = write(app, database, List.of(), 0, 0);
        app.exit();
      }
    } else {
      try (Store store = Store.open(storeKind, folder)) {
        Replica replica = store.replica("app");
        Path config =
            new AgentYaml()
                .database(database, replica, null)
                .writeTo(folder.resolve("walsync.yml"));
        try (Child app = program.agent(config).start(folder, arguments);
            Arrivals arrivals = new Arrivals(replica, "app", store.server())) {
          app.answer();
          LtxFiles.awaitSnapshot(replica);
          Run written = write(app, database, List.of(), 0, 0);
          Answer last = app.ask("finish");
          long drained = arrivals.awaitCommit(last.number("commit")) - last.number("micros");
          app.exit();
          run =
              new Run(
                  written.answer,
                  written.largestWalBytes,
                  arrivals.lags(Timeline.readFrom(timeline)),
                  Math.max(0, drained) / 1e6,
                  arrivals.count());
        }
        Restoration.verify(replica, database);
      }
    }
    Lab.remove(folder);
    return run;
  }

  private static Run write(
      Child app, Path database, List<Double> lags, double drainSeconds, int fileCount) {
    File wal = new File(database + "-wal");
    AtomicLong largest = new AtomicLong();
    try (Sampler sampler =
        new Sampler(WAL_LOOK_MILLIS, () -> largest.accumulateAndGet(wal.length(), Math::max))) {
      Answer answer = app.ask("go");
      return new Run(answer, largest.get(), lags, drainSeconds, fileCount);
    }
  }

  private void addRow(
      String synchronous, int writers, String store, List<Run> runs, List<Run> without) {
    boolean isReplicated = !store.equals(Store.NONE);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      ratios.add(runs.get(i).commitsPerSecond() / without.get(i).commitsPerSecond());
    }
    table.row(
        synchronous,
        writers,
        store,
        spread(runs, Run::commitsPerSecond),
        isReplicated ? new Spread(ratios) : "",
        spread(runs, run -> run.answer.number("p50") / NANOS_PER_MICRO),
        spread(runs, run -> run.answer.number("p99") / NANOS_PER_MICRO),
        spread(runs, run -> run.answer.number("p999") / NANOS_PER_MICRO),
        spread(runs, run -> run.answer.number("max") / NANOS_PER_MILLI),
        spread(runs, run -> run.largestWalBytes / MB),
        isReplicated ? spread(runs, run -> new Spread(run.lags).median()) : "",
        isReplicated ? spread(runs, run -> new Spread(run.lags).max()) : "",
        isReplicated ? spread(runs, Run::drainSeconds) : "",
        isReplicated ? spread(runs, run -> (double) run.fileCount) : "");
  }

  private static Spread spread(List<Run> runs, Function<Run, Double> value) {
    return new Spread(runs.stream().map(value).toList());
  }
}

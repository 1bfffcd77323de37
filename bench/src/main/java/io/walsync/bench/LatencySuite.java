package io.walsync.bench;

import io.walsync.bench.app.PacedApp;
import io.walsync.bench.app.Timeline;
import io.walsync.bench.lab.AgentYaml;
import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.EmbeddedStore;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.LtxFiles;
import io.walsync.bench.lab.Put;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.config.GoDuration;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** From the return of a commit to the store's acknowledgement of the PUT that holds it. */
final class LatencySuite implements Suite {

  private static final String REPLICA_PATH = "app";
  private static final String QUIET = "quiet";

  /** A quiet moment is this many times the sync interval, and at least half a second. */
  private static final double QUIET_INTERVALS = 2.5;

  private static final long SHORTEST_QUIET_MICROS = 500_000;
  private static final double MICROS_PER_MILLI = 1e3;

  private final ResultTable table =
      new ResultTable(
          "latency: from a commit's return to the acknowledgement of its PUT",
          "sync-interval",
          "commits/s",
          "commits",
          "PUTs",
          "PUT, bytes",
          "p50, ms",
          "p95, ms",
          "p99, ms",
          "max, ms",
          "bare PUT p50, ms",
          "bare PUT p95, ms",
          "bare PUT max, ms",
          "AWS SDK PUT p50, ms",
          "AWS SDK PUT p95, ms");

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note(
        "quiet: one commit at a time, each after 2.5 sync intervals without one (0.5 s min)");
    table.note(
        "a pace that equals the sync interval resonates with it: all commits wait as the first did");
    table.note("both times are the machine's wall clock; the store is in a JVM of its own");
    table.note(
        "bare PUT: the agent's client in a warm JVM, the same server, right afterwards, "
            + "objects of the median size, from the call to the same acknowledgement");
    for (String interval : options.list("intervals", "1s,10ms", "1s,10ms")) {
      for (String rate : options.list("rates", "quiet,1,20,200", "quiet,1,20,200")) {
        measure(lab, options, interval, rate);
      }
    }
  }

  private void measure(Lab lab, Options options, String interval, String rate)
      throws InterruptedException {
    boolean isQuiet = rate.equals(QUIET);
    long intervalMicros = GoDuration.parse(interval).toNanos() / 1_000;
    long pauseMicros =
        isQuiet
            ? Math.max(SHORTEST_QUIET_MICROS, (long) (QUIET_INTERVALS * intervalMicros))
            : (long) (1e6 / Double.parseDouble(rate));
    long runMicros = options.number("seconds", 20, 5) * 1_000_000L;
    int count = (int) Math.max(options.isQuick() ? 5 : 20, runMicros / pauseMicros);
    int warmUpCount = Math.max(3, count / 10);
    Path folder = lab.folder("latency");
    Path database = folder.resolve("app.db");
    Path timelineFile = folder.resolve("timeline");
    try (EmbeddedStore store = EmbeddedStore.inMemory(folder)) {
      BucketReplica replica = new BucketReplica(store, REPLICA_PATH);
      Path config =
          new AgentYaml()
              .database(database, replica, interval)
              .writeTo(folder.resolve("walsync.yml"));
      List<Put> puts;
      Timeline commits;
      List<Double> latencies;
      BarePuts bare = new BarePuts(replica, options.isQuick() ? 50 : 200);
      try (Child app =
              Child.of(PacedApp.class).agent(config).start(folder, database, timelineFile);
          ReplicaClient client = replica.open();
          Arrivals arrivals = new Arrivals(replica, REPLICA_PATH, store)) {
        app.answer();
        LtxFiles.awaitSnapshot(replica);
        app.ask("go " + pauseMicros + " " + warmUpCount);
        app.ask("go " + pauseMicros + " " + count);
        arrivals.awaitCommit(warmUpCount + count);
        puts =
            store.puts().stream()
                .filter(put -> put.isIn(REPLICA_PATH, LtxFileInfo.LEVEL_L0))
                .toList();
        commits = Timeline.readFrom(timelineFile);
        latencies = latencies(client, puts, commits, warmUpCount);
        bare.measure(medianBytes(puts));
        app.exit();
      }
      Restoration.verify(replica, database);
      addRow(interval, rate, puts, new Spread(latencies), bare);
      Bench.progress(
          "latency sync-interval "
              + interval
              + ", "
              + rate
              + " commits/s: p50 "
              + Spread.number(new Spread(latencies).percentile(0.5))
              + " ms");
    }
    Lab.remove(folder);
  }

  /** Milliseconds for each commit after the warm-up. */
  private static List<Double> latencies(
      ReplicaClient client, List<Put> puts, Timeline commits, int warmUpCount) {
    List<Double> latencies = new ArrayList<>();
    int next = 0;
    for (Put put : puts) {
      long newest = LtxFiles.newestCommit(client, put.file(LtxFileInfo.LEVEL_L0));
      for (; next < commits.size() && commits.commit(next) <= newest; next++) {
        if (commits.commit(next) > warmUpCount) {
          latencies.add((put.acknowledgedMicros() - commits.micros(next)) / MICROS_PER_MILLI);
        }
      }
    }
    if (next < commits.size()) {
      throw new LabException("commit " + commits.commit(next) + " is in no PUT");
    }
    return latencies;
  }

  private static int medianBytes(List<Put> puts) {
    return (int) new Spread(puts.stream().map(put -> (double) put.sizeBytes()).toList()).median();
  }

  private void addRow(
      String interval, String rate, List<Put> puts, Spread latencies, BarePuts bare) {
    table.row(
        interval,
        rate,
        latencies.values().size(),
        puts.size(),
        medianBytes(puts),
        latencies.percentile(0.5),
        latencies.percentile(0.95),
        latencies.percentile(0.99),
        latencies.max(),
        bare.ours().percentile(0.5),
        bare.ours().percentile(0.95),
        bare.ours().max(),
        bare.sdk().percentile(0.5),
        bare.sdk().percentile(0.95));
  }
}

package io.walsync.bench;

import io.walsync.bench.app.Timeline;
import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.EmbeddedStore;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.LtxFiles;
import io.walsync.bench.lab.Put;
import io.walsync.bench.lab.Replica;
import io.walsync.bench.lab.Sampler;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which L0 file was in the replica when, and so how far the replica was behind the commits. In a
 * directory it looks for the newest name each 20 ms; the S3 server knows by itself. Files are read
 * only after the run.
 */
final class Arrivals implements AutoCloseable {

  private static final long LOOK_MILLIS = 20;
  private static final long SAMPLE_MICROS = 250_000;
  private static final long DRAIN_DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final double MICROS_PER_SECOND = 1e6;

  private record Arrival(long micros, LtxFileInfo file) {}

  private final String replicaPath;
  private final EmbeddedStore server;
  private final ReplicaClient client;
  private final Sampler sampler;
  private final List<Arrival> seen = new ArrayList<>();
  private final Map<LtxFileInfo, Long> newestCommits = new HashMap<>();

  Arrivals(Replica replica, String replicaPath, EmbeddedStore server) {
    this.replicaPath = replicaPath;
    this.server = server;
    this.client = replica.open();
    this.sampler = server == null ? new Sampler(LOOK_MILLIS, this::look) : null;
  }

  private void look() {
    try {
      Txid next = seen.isEmpty() ? Txid.FIRST : last().file.maxTxid().next();
      List<LtxFileInfo> files = client.list(LtxFileInfo.LEVEL_L0, next, false);
      long now = WallClock.micros();
      synchronized (seen) {
        files.forEach(file -> seen.add(new Arrival(now, file)));
      }
    } catch (IOException e) {
      throw new LabException("cannot list " + client.url(), e);
    }
  }

  private Arrival last() {
    synchronized (seen) {
      return seen.get(seen.size() - 1);
    }
  }

  private List<Arrival> all() {
    if (server == null) {
      synchronized (seen) {
        return List.copyOf(seen);
      }
    }
    List<Arrival> arrivals = new ArrayList<>();
    for (Put put : server.puts()) {
      if (put.isIn(replicaPath, LtxFileInfo.LEVEL_L0)) {
        arrivals.add(new Arrival(put.acknowledgedMicros(), put.file(LtxFileInfo.LEVEL_L0)));
      }
    }
    return arrivals;
  }

  /**
   * Waits until a commit is in the replica; returns when it was there, wall-clock microseconds.
   * Nothing may be committed after it.
   */
  long awaitCommit(long commit) throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_DEADLINE_NANOS;
    while (System.nanoTime() < deadline) {
      if (sampler != null) {
        sampler.check();
      }
      List<Arrival> arrivals = all();
      if (!arrivals.isEmpty()) {
        Arrival last = arrivals.get(arrivals.size() - 1);
        if (newestCommit(last.file) >= commit) {
          return last.micros;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new LabException("commit " + commit + " does not arrive in " + client.url());
  }

  int count() {
    return all().size();
  }

  private long newestCommit(LtxFileInfo file) {
    return newestCommits.computeIfAbsent(file, f -> LtxFiles.newestCommit(client, f));
  }

  /**
   * Seconds between each moment, 250 ms apart, and the time of the oldest commit that was not in
   * the replica then; 0 when there was none.
   */
  List<Double> lags(Timeline commits) {
    List<Arrival> arrivals = all();
    List<Double> lags = new ArrayList<>();
    long end = commits.micros(commits.size() - 1);
    int arrived = 0;
    for (long now = commits.micros(0) + SAMPLE_MICROS; now < end; now += SAMPLE_MICROS) {
      while (arrived < arrivals.size() && arrivals.get(arrived).micros <= now) {
        arrived++;
      }
      long newest = arrived == 0 ? 0 : newestCommit(arrivals.get(arrived - 1).file);
      long oldestMissing = commits.firstMicrosAfter(newest);
      lags.add(Math.max(0, now - oldestMissing) / MICROS_PER_SECOND);
    }
    return lags;
  }

  @Override
  public void close() {
    if (sampler != null) {
      sampler.close();
    }
    client.close();
  }
}

package io.walsync.db.history;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.HistoryEvents;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.history.compaction.Past;
import io.walsync.io.Clock;
import io.walsync.io.Disk;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.testkit.NoExecutors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A {@link Compactor} whose turns come when the test's time has passed. */
final class CompactorByHand {

  static final String LEVELS = "levels: [{interval: 10s}, {interval: 60s}, {interval: 300s}]\n";

  private record Turn(long atMillis, Runnable work) {}

  /** What was told, one word before each. */
  final List<String> told = new ArrayList<>();

  final List<LtxFileInfo> merged = new ArrayList<>();
  final List<LtxFileInfo> snapshots = new ArrayList<>();
  final Past past;
  ReplicaClient client;
  boolean isOurs = true;
  boolean isEnding;
  boolean hasThreads = true;
  boolean keepsContent;
  int confirmCount;
  IOException obstacle;
  Compactor compactor;
  private final Path folder;
  private final Random random;
  private DbSettings settings;
  private final List<Turn> turns = new ArrayList<>();
  private long millis = Past.FIRST_MILLIS;

  /** How far the wall clock was set back. */
  long setBackMillis;

  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return millis * 1_000_000;
        }

        @Override
        public long millis() {
          return millis - setBackMillis;
        }

        @Override
        public void pause(long nanos) {}
      };

  private final Ownership ownership =
      new Ownership() {
        @Override
        public boolean isOurs() {
          return isOurs;
        }

        @Override
        public void confirm(ReplicaClient asked) throws IOException {
          confirmCount++;
          if (obstacle != null) {
            throw obstacle;
          }
        }

        @Override
        public void require(ReplicaClient asked) throws IOException {
          confirm(asked);
        }
      };

  private final HistoryEvents heard =
      new HistoryEvents() {
        @Override
        public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {
          merged.add(output);
        }

        @Override
        public void snapshotMade(List<LtxFileInfo> inputs, LtxFileInfo snapshot) {
          snapshots.add(snapshot);
        }

        @Override
        public void wrongImage(String reason) {
          told.add("wrong: " + reason);
        }

        @Override
        public void notSnapshot(String reason) {
          told.add("no snapshot: " + reason);
        }

        @Override
        public void notMergeable(String reason) {
          told.add("not mergeable: " + reason);
        }

        @Override
        public void notMerged(String reason) {
          told.add("not merged: " + reason);
        }

        @Override
        public void notDeleted(String reason) {
          told.add("not deleted: " + reason);
        }

        @Override
        public void deletesAgain() {
          told.add("deletes again");
        }

        @Override
        public void deletionHeld(int stateCount, int leftCount, long untilMillis) {
          told.add("held: " + leftCount + " of " + stateCount);
        }

        @Override
        public void notToBeDeleted(int fileCount, long bytes) {
          told.add("could be deleted: " + fileCount);
        }

        @Override
        public void mergesAgain() {
          told.add("again");
        }
      };

  CompactorByHand(Path folder, ReplicaClient client, String levels, long seed) throws Exception {
    this.client = client;
    this.folder = folder;
    this.random = new Random(seed);
    past = new Past(client, new Random(seed), 512);
    configure(levels);
  }

  /** A process begins, with another configuration. */
  final void configure(String levels) throws Exception {
    Path file = folder.resolve("app.db");
    Path configFile = folder.resolve("walsync.yml");
    Files.writeString(
        configFile,
        levels + "dbs:\n  - path: " + file + "\n    replica: {url: 'file:///replica'}\n");
    DbConfig config = ConfigLoader.load(configFile.toFile(), Map.of()).match(file.toFile());
    Path staging = Files.createDirectories(config.metaFolderFor(file.toFile()).toPath());
    settings =
        new DbSettings(
            file.toFile(),
            staging.toFile(),
            config,
            () -> this.client,
            "memory://store",
            random,
            Disk.REAL,
            clock,
            new StagingTotal(1L << 40),
            new DbEvents() {
              @Override
              public HistoryEvents history() {
                return heard;
              }
            });
    start();
  }

  /** A process begins: nothing of the last one's is known, or done any more. */
  final void start() {
    turns.clear();
    compactor =
        new Compactor(
            settings,
            new NoExecutors() {
              @Override
              public void compactAfter(long nanos, Runnable work) {
                if (!hasThreads) {
                  throw new OutOfMemoryError("unable to create native thread");
                }
                turns.add(new Turn(millis + nanos / 1_000_000, work));
              }
            },
            ownership,
            () -> isEnding);
  }

  /** As a listing at the start does it. */
  void list() throws IOException {
    compactor.listed(ReplicaFiles.list(client));
  }

  /** The first upload of a new replica. */
  void begin(int pages) throws IOException {
    list();
    past.begin(pages);
    millis = past.millis;
    compactor.stored(
        new LtxFileInfo(
            9, io.walsync.ltx.Txid.FIRST, io.walsync.ltx.Txid.FIRST, 1_000, past.millis),
        past.checksum(),
        past.epoch,
        null);
  }

  /** A commit is uploaded. */
  void commit(int pages) throws IOException {
    past.millis = millis;
    LtxFileInfo file = past.commit(pages);
    compactor.stored(file, past.checksum(), past.epoch, keepsContent ? past.content : null);
  }

  /** That time passes, in which turns come when they were asked for. */
  void pass(long millisToPass) {
    long end = millis + millisToPass;
    for (Turn next = next(end); next != null; next = next(end)) {
      millis = Math.max(millis, next.atMillis);
      turns.remove(next);
      next.work.run();
    }
    millis = end;
  }

  private Turn next(long end) {
    Turn first = null;
    for (Turn turn : turns) {
      boolean isFirst = first == null || turn.atMillis < first.atMillis;
      first = turn.atMillis <= end && isFirst ? turn : first;
    }
    return first;
  }

  /** When turns are to come, in milliseconds from now. */
  List<Long> waits() {
    return turns.stream().map(turn -> turn.atMillis - millis).sorted().toList();
  }

  long millis() {
    return millis;
  }

  Path stagingFolder() {
    return settings.stagingFolder().toPath();
  }
}

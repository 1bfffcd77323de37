package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.Proof;
import io.walsync.history.compaction.Compaction;
import io.walsync.history.compaction.Ladder;
import io.walsync.history.compaction.Past;
import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Databases live, are merged, snapshotted and pruned, by clocks that step, and pruners are killed
 * between any two deletes. After each step every promised state, as a model that knows nothing of
 * files counts them, restores to what was committed.
 */
public class PrunePropertyTest {

  private static final long SECOND = 1_000;

  /** How far back and how close, in seconds; 0 is every commit. */
  private static final long[][][] POLICIES = {
    {{120, 0}, {600, 10}, {3600, 300}, {86400, 3600}},
    {{300, 0}},
    {{1200, 60}},
    {{60, 0}, {7200, 600}},
    {{5, 0}, {30, 5}, {3600, 60}},
    {{1, 1}},
  };

  private static final Prune.Progress NOBODY =
      new Prune.Progress() {
        @Override
        public void waiting(long millis) {}

        @Override
        public void deleted(List<LtxFileInfo> files) {}
      };

  @TempDir Path folder;

  private final Clock clock =
      new Clock() {
        private long nanos;

        @Override
        public long nanoTime() {
          return nanos;
        }

        @Override
        public long millis() {
          return 0; // of a machine without a battery
        }

        @Override
        public void pause(long nanosPaused) {
          nanos += nanosPaused;
        }
      };

  public static Policy policy(long[][] tiers) {
    StringBuilder text = new StringBuilder();
    for (long[] tier : tiers) {
      text.append(text.length() == 0 ? "" : ",")
          .append(tier[0])
          .append("s every ")
          .append(tier[1] == 0 ? "commit" : tier[1] + "s");
    }
    return Policy.parse(text.toString());
  }

  /** The TXIDs that are promised: of every commit there ever was, by its time alone. */
  public static TreeSet<Long> promised(
      long[][] tiers, TreeMap<Long, Long> commits, long now, long end) {
    TreeSet<Long> promised = new TreeSet<>();
    long newest = commits.lastKey();
    promised.add(newest);
    for (long[] tier : tiers) {
      long start = end - tier[0] * SECOND;
      if (tier[1] == 0) {
        long next = Math.min(now, commits.get(newest));
        for (Map.Entry<Long, Long> each :
            commits.headMap(newest, false).descendingMap().entrySet()) {
          if (next >= start) {
            promised.add(each.getKey());
          }
          next = Math.min(next, each.getValue());
        }
        continue;
      }
      long every = tier[1] * SECOND;
      for (long b = Math.floorDiv(start, every) * every; b <= end; b += every) {
        Long state = newestBefore(commits, b);
        if (state != null) {
          promised.add(state);
        }
      }
    }
    return promised;
  }

  private static Long newestBefore(TreeMap<Long, Long> commits, long millis) {
    for (Map.Entry<Long, Long> each : commits.descendingMap().entrySet()) {
      if (each.getValue() < millis) {
        return each.getKey();
      }
    }
    return null;
  }

  private final class Life {
    final Random random;
    final long seed;
    final PrunedReplica replica;
    final Past past;
    final long[][] tiers;
    final TreeMap<Long, Long> commits = new TreeMap<>();
    final boolean hasSteps;
    final int most;
    long latestEnd;
    int restored;
    int deletions;
    int kills;
    long takenOver;
    final TreeMap<String, Long> pins = new TreeMap<>();

    Life(long seed) throws IOException {
      this.seed = seed;
      random = new Random(seed);
      File directory = folder.resolve("replica-" + seed).toFile();
      replica =
          new PrunedReplica(seed % 3 == 0 ? new FileReplicaClient(directory) : new MemoryStore());
      replica.init();
      past = new Past(replica, random, 512);
      tiers = POLICIES[random.nextInt(POLICIES.length)];
      hasSteps = random.nextInt(3) == 0;
      most = 1 + random.nextInt(6);
      replica.storeMillis = past.millis;
      past.begin(1 + random.nextInt(most));
      note();
    }

    private void note() {
      commits.put(past.txid, past.times.get(past.txid));
    }

    void run() throws IOException {
      for (int i = 0; i < 150; i++) {
        long pass = random.nextInt(6) == 0 ? random.nextInt(300_000) : random.nextInt(8_000);
        past.millis += pass;
        replica.storeMillis += pass;
        if (hasSteps && random.nextInt(25) == 0) {
          past.millis += (random.nextInt(5) - 2) * 200_000L;
        }
        switch (random.nextInt(12)) {
          case 0 -> past.snapshot();
          case 1 -> compact();
          case 2 -> prune();
          case 3 -> {
            past.epoch++;
            past.fence();
            takenOver = past.txid;
          }
          case 6 -> {
            if (takenOver > 0 && random.nextInt(4) == 0) {
              lateSnapshot();
            }
          }
          case 5 -> {
            if (random.nextInt(3) == 0) {
              pin();
            }
          }
          case 4 -> {
            if (random.nextInt(4) == 0) {
              past.gap(random.nextInt(3), 1 + random.nextInt(most));
            } else {
              past.commit(1 + random.nextInt(most));
            }
          }
          default -> past.commit(1 + random.nextInt(most));
        }
        note();
      }
      check();
    }

    private void compact() throws IOException {
      Ladder ladder =
          new Ladder(
              List.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(600)));
      Clock now =
          new Clock() {
            @Override
            public long nanoTime() {
              return 0;
            }

            @Override
            public long millis() {
              return Math.max(past.millis, replica.storeMillis);
            }

            @Override
            public void pause(long nanos) {}
          };
      Compaction compaction = new Compaction(replica, ladder, true, folder, now, new Random(1));
      compaction.run(
          compaction.list(),
          new Compaction.Progress() {
            @Override
            public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {}

            @Override
            public void obstacle(String reason) {}
          });
    }

    private void prune() throws IOException {
      for (int tries = 0; ; tries++) {
        Restore restore = new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
        Prune prune = new Prune(replica, restore, policy(tiers), 20_000, files -> null, clock);
        int before = replica.deleted.size();
        try {
          PrunePlan plan = prune.plan();
          assertThat(plan.obstacle()).as("seed %s", seed).isNull();
          if (tries < 3) {
            replica.killAfter(random.nextInt(90));
          }
          prune.run(plan, true, NOBODY);
          replica.goesOn();
          deletions += replica.deleted.size() - before;
          check();
          return;
        } catch (PrunedReplica.Killed killed) {
          replica.goesOn();
          kills++;
          deletions += replica.deleted.size() - before;
          check();
        }
      }
    }

    /** Of the writer that was taken over last and went on without knowing. */
    private void lateSnapshot() throws IOException {
      int missing = random.nextInt(4);
      if (takenOver + missing >= past.txid) {
        return; // one of the two writers would be fenced by it
      }
      Past stale = new Past(replica, random, 512);
      stale.txid = takenOver - 1;
      stale.millis = past.millis;
      stale.epoch = past.epoch - 1;
      try {
        stale.gap(missing, 1 + random.nextInt(most));
      } catch (LtxFileConflictException taken) {
        return;
      }
    }

    /** Any state that there still is, whether promised or not. */
    private void pin() throws IOException {
      String name = "pin-" + pins.size();
      long txid = 1 + random.nextInt((int) past.txid);
      Restore restore = new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
      try {
        new Pins(replica, clock).add(name, Txid.of(txid), 1, new Proof(replica, restore));
        pins.put(name, txid);
      } catch (RestoreException | RefusedException notThere) {
        return;
      }
    }

    private void check() throws IOException {
      // What has fallen out of a window does not come back when a clock is set back.
      latestEnd =
          Math.max(latestEnd, Math.min(replica.storeMillis, commits.lastEntry().getValue()));
      for (long txid : promised(tiers, commits, replica.storeMillis, latestEnd)) {
        assertState(RestoreTarget.at(Txid.of(txid)), txid);
      }
      for (long txid : pins.values()) {
        assertState(RestoreTarget.at(Txid.of(txid)), txid);
      }
      if (!hasSteps) {
        assertMoments();
      }
    }

    /** What {@code restore -timestamp} gives at each boundary. */
    private void assertMoments() throws IOException {
      long end = commits.get(commits.lastKey());
      for (long[] tier : tiers) {
        long every = tier[1] * SECOND;
        if (every == 0) {
          continue;
        }
        long first = Math.floorDiv(end - tier[0] * SECOND, every) * every;
        int step = 1 + random.nextInt(5);
        for (long b = first; b <= end; b += step * every) {
          Long state = newestBefore(commits, b);
          if (state != null) {
            assertState(RestoreTarget.before(b), state);
          }
        }
      }
    }

    private void assertState(RestoreTarget target, long txid) throws IOException {
      File output = folder.resolve("restored.db").toFile();
      RestoreOptions options = RestoreOptions.defaults().withParallelism(1);
      try {
        new Restore(replica, options, RestoreProgress.NONE).run(target, output);
      } catch (IOException e) {
        throw new AssertionError("seed " + seed + ", " + target + " of " + txid, e);
      }
      assertThat(Files.readAllBytes(output.toPath()))
          .as("seed %s, %s", seed, target)
          .isEqualTo(past.states.get(txid));
      Files.delete(output.toPath());
      restored++;
    }
  }

  @Test
  void whatIsPromisedIsRestoredWhateverIsPrunedAndWhereverItIsKilled() throws IOException {
    long first = Long.getLong("walsync.seed", 3);
    int restored = 0;
    int deletions = 0;
    int kills = 0;
    for (long seed = first; seed < first + Integer.getInteger("walsync.seeds", 2); seed++) {
      Life life = new Life(seed);
      life.run();
      restored += life.restored;
      kills += life.kills;
      deletions += life.deletions;
    }
    assertThat(restored).isPositive();
    assertThat(deletions).isPositive();
    assertThat(kills).isPositive();
  }
}

package io.walsync.db.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.Proof;
import io.walsync.history.retention.Pins;
import io.walsync.history.retention.PrunePropertyTest;
import io.walsync.history.retention.RefusedException;
import io.walsync.io.Clock;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents commit, merge, snapshot and delete through hours, are killed and fail between any two
 * requests and between any two files of a deletion, by clocks that step and a store that lists only
 * when it was given a file. Every promised and every pinned state restores to what was committed.
 */
class RetentionPropertyTest {

  private static final long FIRST_SEED = Long.getLong("walsync.seed", 1);
  private static final int LIVES = Integer.getInteger("walsync.seeds", 8);

  private static final long[][][] POLICIES = {
    {{1200, 0}, {7200, 600}},
    {{60, 0}, {3600, 60}, {14400, 3600}},
    {{600, 60}},
  };

  @TempDir Path folder;

  /** A kill, which no handler of failures survives. */
  private static final class Killed extends ThreadDeath {
    private static final long serialVersionUID = 1L;
  }

  private int deletions;
  private int kills;
  private int restored;

  private final class Life {
    final Random random;
    final long[][] tiers;
    final MemoryStore memory = new MemoryStore();
    final ListedStore store;
    final CompactorByHand hand;
    final TreeSet<Long> pins = new TreeSet<>();
    final TreeMap<Long, Long> commits = new TreeMap<>();
    final long skewMillis;
    boolean isKilled;
    long latestEnd;

    Life(long seed) throws Exception {
      random = new Random(seed);
      tiers = POLICIES[random.nextInt(POLICIES.length)];
      skewMillis = (random.nextInt(3) - 1) * 200_000L;
      store = new ListedStore(memory, this::storeMillis);
      hand =
          new CompactorByHand(
              folder,
              store,
              CompactorByHand.LEVELS
                  + "snapshot: {interval: 20m}\nretention: {keep: '"
                  + PrunePropertyTest.policy(tiers)
                  + "'}\n",
              seed);
    }

    private long storeMillis() {
      return hand.millis() + skewMillis;
    }

    private void commit() throws IOException {
      hand.commit(1 + random.nextInt(8));
      commits.put(hand.past.txid, hand.past.times.get(hand.past.txid));
    }

    void run() throws Exception {
      hand.begin(1 + random.nextInt(8));
      commits.put(1L, hand.past.times.get(1L));
      for (int step = 0; step < 150; step++) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          commit();
          hand.pass(random.nextInt(20_000));
        }
        store.trouble = this::trouble;
        hand.pass(random.nextInt(3) == 0 ? random.nextInt(1_500_000) : random.nextInt(60_000));
        store.trouble = () -> {};
        if (isKilled) {
          isKilled = false;
          kills++;
          hand.start();
          hand.list();
        }
        if (random.nextInt(30) == 0) {
          hand.setBackMillis = (random.nextInt(5) - 2) * 300_000L;
        }
        if (random.nextInt(30) == 0) {
          pin();
        }
        check(step % 15 == 0);
      }
      check(true);
      deletions += store.deletedCount;
    }

    private void trouble() throws IOException {
      int fate = random.nextInt(600);
      if (fate == 0 || isKilled) {
        isKilled = true;
        throw new Killed();
      }
      if (fate < 3) {
        throw new IOException("no answer");
      }
    }

    private void pin() throws IOException {
      long txid = 1 + random.nextInt((int) hand.past.txid);
      Restore restore = new Restore(store, RestoreOptions.defaults(), RestoreProgress.NONE);
      try {
        new Pins(store, Clock.SYSTEM)
            .add("pin-" + txid, Txid.of(txid), 1, new Proof(store, restore));
        pins.add(txid);
      } catch (RestoreException | RefusedException notThere) {
        return;
      }
    }

    private void check(boolean isContentRead) throws IOException {
      latestEnd = Math.max(latestEnd, Math.min(storeMillis(), commits.lastEntry().getValue()));
      TreeSet<Long> wanted = PrunePropertyTest.promised(tiers, commits, storeMillis(), latestEnd);
      wanted.addAll(pins);
      List<LtxFileInfo> files = ReplicaFiles.list(memory);
      for (long txid : wanted) {
        RestorePlan plan = RestorePlan.of("", files, RestoreTarget.at(Txid.of(txid)));
        if (isContentRead) {
          byte[] database = new byte[0];
          for (LtxFileInfo file : plan.files()) {
            database = applied(file, database);
          }
          assertThat(database).as("TXID %d", txid).isEqualTo(hand.past.states.get(txid));
          restored++;
        }
      }
    }

    private byte[] applied(LtxFileInfo file, byte[] before) throws IOException {
      try (InputStream in = memory.open(file, 0, Long.MAX_VALUE)) {
        LtxDecoder decoder = new LtxDecoder(in, file.toString());
        int size = decoder.header().pageSize();
        byte[] after = Arrays.copyOf(before, decoder.header().commit() * size);
        decoder.readAll((pgno, page) -> System.arraycopy(page, 0, after, (pgno - 1) * size, size));
        return after;
      }
    }
  }

  @Test
  void whatIsPromisedIsRestorableThroughPassesAndKills() throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed++) {
      try {
        new Life(seed).run();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(deletions).isPositive();
    assertThat(kills).isPositive();
    assertThat(restored).isPositive();
  }
}

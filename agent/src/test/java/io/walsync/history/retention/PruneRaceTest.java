package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.Proof;
import io.walsync.history.compaction.Compaction;
import io.walsync.history.compaction.Ladder;
import io.walsync.history.compaction.Past;
import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A prune sleeps before any of its requests while others prune, merge, snapshot and pin; or it is
 * killed there and others go on.
 */
class PruneRaceTest extends PruneSuite {

  private static final long[][] TIERS = {{60, 0}, {300, 60}};
  static final Policy KEPT = PrunePropertyTest.policy(TIERS);
  private static final int STATES = 40;

  /** Of the first look, which decides nothing alone. */
  private static final int FIRST_LOOK = 12;

  private List<LtxFileInfo> early;
  private final TreeSet<Long> pinned = new TreeSet<>();

  /** Two levels over two snapshots, of which the second comes late. */
  void live() throws IOException {
    replica = new PrunedReplica(new MemoryStore());
    past = new Past(replica, new Random(1), 512);
    replica.storeMillis = past.millis;
    past.begin(6);
    while (past.txid < STATES) {
      commit(1);
      if (past.txid == 10) {
        past.snapshot();
      }
      if (past.txid == 12) {
        early = ReplicaFiles.list(replica);
      }
    }
    pass(11 * MINUTE);
    compact();
    pass(11 * MINUTE);
    pinned.clear();
    told.clear();
  }

  private Compaction compaction() {
    Ladder ladder = new Ladder(List.of(Duration.ofSeconds(40), Duration.ofSeconds(160)));
    return new Compaction(replica, ladder, true, folder, storeClock(), new Random(1));
  }

  private Clock storeClock() {
    return new ManualNanos() {
      @Override
      public long millis() {
        return replica.storeMillis;
      }
    };
  }

  private void compact() throws IOException {
    compaction()
        .run(
            compaction().list(),
            new Compaction.Progress() {
              @Override
              public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {}

              @Override
              public void obstacle(String reason) {}
            });
  }

  /** By hand or, in a subclass, otherwise. */
  void pruneOnce() throws IOException {
    run(KEPT);
  }

  /** What is disturbed. */
  void disturbed() throws IOException {
    pruneOnce();
  }

  /** From which request on it is disturbed. */
  int firstRequest() {
    return FIRST_LOOK;
  }

  /** What a slow {@code snapshot} stores, for which plans take other files than before. */
  void lateSnapshot() throws IOException {
    try {
      compaction().snapshot(early);
    } catch (LtxFileMissingException tooLate) {
      return;
    }
    pass(11 * MINUTE);
  }

  void goOn() throws IOException {
    commit(5);
    pass(11 * MINUTE);
    compact();
    past.snapshot();
    pass(11 * MINUTE);
  }

  void pin(long txid) throws IOException {
    try {
      new Pins(replica, clock).add("at-" + txid, Txid.of(txid), 1, new Proof(replica, restore()));
      pinned.add(txid);
    } catch (RestoreException | RefusedException gone) {
      return;
    }
  }

  void assertPromised() throws IOException {
    TreeMap<Long, Long> commits = new TreeMap<>(past.times);
    long newest = commits.lastEntry().getValue();
    TreeSet<Long> promised =
        PrunePropertyTest.promised(TIERS, commits, replica.storeMillis, newest);
    promised.addAll(pinned);
    for (long txid : promised) {
      assertState(txid);
    }
  }

  /** Returns how often it took effect. */
  int beforeEachRequest(PrunedReplica.Event event) throws IOException {
    for (int requests = firstRequest(); ; requests++) {
      live();
      AtomicBoolean isOver = new AtomicBoolean();
      replica.after(
          requests,
          () -> {
            isOver.set(true);
            event.happen();
          });
      try {
        disturbed();
      } catch (RefusedException | PrunedReplica.Killed notToTheEnd) {
        assertThat(isOver).as("it was alone before request %s", requests).isTrue();
      }
      replica.goesOn();
      if (!isOver.get()) {
        return requests;
      }
      try {
        assertPromised();
        pruneOnce();
        assertPromised();
      } catch (IOException | AssertionError lost) {
        throw new AssertionError("before request " + requests, lost);
      }
    }
  }

  private void killed(PrunedReplica.Event event, int requests) throws IOException {
    replica.killAfter(requests);
    try {
      event.happen();
    } catch (PrunedReplica.Killed killed) {
      return;
    } finally {
      replica.goesOn();
    }
  }

  @Test
  void anotherPrune() throws IOException {
    assertThat(beforeEachRequest(this::pruneOnce)).isGreaterThan(50);
  }

  @Test
  void aSnapshotThatComesLateAndAnotherPrune() throws IOException {
    beforeEachRequest(
        () -> {
          lateSnapshot();
          pruneOnce();
        });
  }

  /** After which the number that it would take is free again. */
  @Test
  void twoOtherPrunes() throws IOException {
    beforeEachRequest(
        () -> {
          lateSnapshot();
          pruneOnce();
          commit(5);
          pass(11 * MINUTE);
          pruneOnce();
        });
  }

  @Test
  void moreCommitsMergesASnapshotAndAnotherPrune() throws IOException {
    beforeEachRequest(
        () -> {
          goOn();
          pruneOnce();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {48, 60})
  void anotherPruneThatIsKilled(int requests) throws IOException {
    beforeEachRequest(
        () -> {
          lateSnapshot();
          killed(this::pruneOnce, requests);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 23})
  void aPin(long txid) throws IOException {
    beforeEachRequest(() -> pin(txid));
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 23})
  void aPinBesideAnotherPrune(long txid) throws IOException {
    beforeEachRequest(
        () -> {
          pin(txid);
          lateSnapshot();
          pruneOnce();
        });
  }

  @Test
  void aKill() throws IOException {
    beforeEachRequest(
        () -> {
          throw new PrunedReplica.Killed();
        });
  }

  @Test
  void aPruneThatSleepsInAPin() throws IOException {
    for (long txid : new long[] {3, 12, 23}) {
      for (int requests = 0; requests < 40; requests++) {
        live();
        replica.after(requests, this::pruneOnce);
        pin(txid);
        replica.goesOn();
        assertPromised();
      }
    }
  }

  @Test
  void aRestoreOfWhatIsPromised() throws IOException {
    beforeEachRequest(this::assertPromised);
    int deletions = 0;
    for (int requests = 0; requests < 20; requests++) {
      live();
      replica.after(requests, this::pruneOnce);
      File output = folder.resolve("slow.db").toFile();
      restore().run(RestoreTarget.latest(), output);
      replica.goesOn();
      assertThat(Files.readAllBytes(output.toPath())).isEqualTo(past.states.get(past.txid));
      Files.delete(output.toPath());
      deletions += replica.deleted.size();
    }
    assertThat(deletions).isPositive();
  }
}

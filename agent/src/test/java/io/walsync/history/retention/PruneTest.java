package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.history.compaction.Past;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.ReplicaFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each way in which a deletion could take what is needed, and that it does not. */
class PruneTest extends PruneSuite {

  @Test
  void whatNoPromiseNeedsGoesAfterTheGrace() throws IOException {
    live(3);
    PrunePlan plan = run(MINUTES);

    assertThat(waits).containsExactly(10 * MINUTE);
    assertThat(told).isEqualTo(replica.deleted).isEqualTo(plan.keepSet().gone());
    assertThat(told.size()).isGreaterThan(300);
    assertThat(ReplicaFiles.list(replica)).hasSize(plan.listed().size() - replica.deleted.size());
    for (long txid : plan.keepSet().targets()) {
      assertState(txid);
    }
    assertThat(prune(MINUTES).plan().isAnyGone()).as("the second time").isFalse();
    assertThat(replica.notes().names("prunes/")).hasSize(1);
  }

  @Test
  void whatTheStoreHasHadForLessThanTheGraceStays() throws IOException {
    commit(300);
    past.snapshot();
    pass(9 * MINUTE);
    assertThat(run(MINUTES).keepSet().gone())
        .allMatch(file -> file.storedMillis() <= replica.storeMillis - 10 * MINUTE)
        .noneMatch(LtxFileInfo::isBase);
  }

  @Test
  void anIdleReplicaKeepsWhatItHasHoweverLateItIs() throws IOException {
    live(2);
    run(MINUTES);
    int count = replica.deleted.size();
    replica.storeMillis += TimeUnit.DAYS.toMillis(365);
    assertThat(run(MINUTES).keepSet().promisedCount(MINUTES.tiers().get(1))).isGreaterThan(50);
    run(MINUTES);
    assertThat(replica.deleted.size() - count).as("what was young then").isLessThan(70);
    for (long txid : prune(MINUTES).plan().keepSet().targets()) {
      assertState(txid);
    }
  }

  @Test
  void aClockAYearBehindDeletesNothing() throws IOException {
    live(2);
    replica.storeMillis -= TimeUnit.DAYS.toMillis(365);
    assertThat(run(MINUTES).keepSet().gone()).isEmpty();
    assertThat(replica.deleted).isEmpty();
  }

  @Test
  void oneFileWithATimeOfLongAgoTakesThePromiseFromNoOther() throws IOException {
    live(2);
    int promised = prune(MINUTES).plan().keepSet().targets().length;
    long now = past.millis;
    past.millis = 1000;
    past.commit(4);
    past.millis = now;
    commit(3);
    pass(11 * MINUTE);
    assertThat(prune(MINUTES).plan().keepSet().targets().length).isGreaterThan(promised - 30);
    long[] targets = run(MINUTES).keepSet().targets();
    assertThat(targets.length).isGreaterThan(promised - 30);
    for (long txid : targets) {
      assertState(txid);
    }
  }

  @Test
  void aWriterWhoseClockIsAYearAheadLosesNothing() throws IOException {
    live(2);
    long[] promised = prune(MINUTES).plan().keepSet().targets();
    past.millis += TimeUnit.DAYS.toMillis(365);
    past.commit(4);
    pass(11 * MINUTE);
    run(MINUTES);
    for (long txid : promised) {
      assertState(txid);
    }
    assertState(past.txid);
  }

  /** Between a snapshot of a replaced writer and the truth stands one file, which must stay. */
  @Test
  void aForeignSnapshotMakesNothingNeedless() throws IOException {
    commit(50);
    long first = past.txid;
    past.epoch = 2;
    past.fence();
    commit(100);
    // A database that went on from there without knowing, and whose snapshot comes late.
    Past stale = new Past(replica, new Random(9), 512);
    stale.txid = first + 1;
    stale.millis = past.millis;
    stale.epoch = 1;
    stale.states.clear();
    lateSnapshot(stale, first + 60);
    commit(400);
    pass(2 * 60 * MINUTE);
    commit(100);
    pass(11 * MINUTE);
    PrunePlan plan = run(MINUTES);
    assertThat(plan.leftAlone()).anyMatch(file -> file.isBase() && file.maxTxid().value() > 100);
    assertThat(plan.keepSet().gone()).isEmpty();
    assertState(past.txid);
  }

  private static void lateSnapshot(Past stale, long txid) throws IOException {
    stale.txid = txid - 1;
    stale.gap(0, 4);
  }

  @Test
  void aPinThatCannotBeReadStopsIt() throws IOException {
    live(2);
    replica.notes().create("pins/odd.json", "{}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> run(MINUTES))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining("the pin odd of");
  }

  @Test
  void aPinIsKept() throws IOException {
    live(3);
    Pins pins = new Pins(replica, clock);
    pins.add("before-v2", Txid.of(77), 1, new Proof(replica, restore()));
    run(MINUTES);
    assertState(77);
    assertThat(pins.list())
        .singleElement()
        .satisfies(pin -> assertThat(pin.txid()).isEqualTo(Txid.of(77)));
    assertThat(pins.remove("before-v2")).isTrue();
    assertThat(pins.remove("before-v2")).isFalse();
    run(MINUTES);
    assertThatThrownBy(() -> assertState(77)).hasMessageContaining("is not available");
  }

  @Test
  void aReplicaWithAGapIsLeftAsItIs() throws IOException {
    live(2);
    List<LtxFileInfo> missing = new ArrayList<>();
    for (LtxFileInfo file : ReplicaFiles.list(replica)) {
      boolean isMiddle = file.level() == 0 && file.minTxid().value() == 700;
      if (isMiddle || file.isBase() && file.maxTxid().value() > 1) {
        missing.add(file);
      }
    }
    commit(5);
    replica.delete(missing);
    pass(20 * MINUTE);
    assertThat(prune(MINUTES).plan().obstacle()).contains("files are missing");
    replica.deleted.clear();
    assertThatThrownBy(() -> run(MINUTES)).hasMessageContaining("files are missing");
    assertNothingDeleted();
  }
}

package io.walsync.db.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the agent looks for what may be deleted, what that costs, and what is told. */
class RetentionTest {

  private static final int HOUR = 3_600;
  private static final String KEPT =
      "levels: [{interval: 2m}, {interval: 10m}]\n"
          + "snapshot: {interval: 1h}\n"
          + "retention: {keep: '20m every commit, 2h every 10m'}\n";

  @TempDir Path folder;

  private final MemoryStore memory = new MemoryStore();
  private final ListedStore store = new ListedStore(memory, this::millis);
  private CompactorByHand hand;

  private long millis() {
    return hand.millis();
  }

  @BeforeEach
  void start() throws Exception {
    start(KEPT);
  }

  private void start(String config) throws Exception {
    hand = new CompactorByHand(folder, store, config, 1);
  }

  private void commitFor(int seconds) throws IOException {
    for (int i = 0; i < seconds; i += 30) {
      hand.commit(1 + i % 9);
      hand.pass(30_000);
    }
  }

  private int fileCount() throws IOException {
    return ReplicaFiles.list(memory).size();
  }

  private void assertRestorable(long txid) throws IOException {
    RestorePlan.of("", ReplicaFiles.list(memory), RestoreTarget.at(Txid.of(txid)));
  }

  private void assertPromised() throws IOException {
    long newest = hand.past.txid;
    for (long txid = newest - 40; txid <= newest; txid++) {
      assertRestorable(txid);
    }
  }

  @Test
  void theReplicaOfABusyDatabaseDoesNotGrow() throws Exception {
    hand.begin(4);
    commitFor(4 * HOUR);
    int before = fileCount();
    commitFor(4 * HOUR);
    assertThat(fileCount()).isLessThan(before + 100);
    assertPromised();
    assertThat(hand.told).isEmpty();
    assertThat(hand.compactor.past().deletedCount()).isEqualTo(store.deletedCount).isPositive();
    assertThat(hand.compactor.past().deletedBytes()).isPositive();
    assertThat(hand.compactor.past().passMillis()).isPositive();
    long oldest = hand.compactor.past().oldestMillis();
    assertThat(oldest)
        .isEqualTo(
            memory.list(9, Txid.FIRST, true).stream()
                .mapToLong(LtxFileInfo::createdMillis)
                .min()
                .orElseThrow());
    assertThat(store.headerCount).as("all times are known").isZero();
  }

  @Test
  void nothingIsAskedForADatabaseThatIsIdle() throws Exception {
    hand.begin(4);
    commitFor(4 * HOUR);
    hand.pass(6 * HOUR * 1_000);
    int asked = store.requestCount;
    hand.pass(48L * HOUR * 1_000);
    assertThat(store.requestCount).isEqualTo(asked);
    assertPromised();
  }

  @Test
  void withoutAPromiseNothingIsListedAndNothingDeleted() throws Exception {
    start("levels: [{interval: 2m}, {interval: 10m}]\nsnapshot: {interval: 1h}\n");
    hand.begin(4);
    commitFor(4 * HOUR);
    assertThat(store.deletedCount).isZero();
    assertThat(hand.compactor.past().passMillis()).isZero();
    assertThat(memory.list(0, Txid.FIRST, true)).hasSize(4 * HOUR / 30);
  }

  @Test
  void aNewProcessReadsTheTimesOfEarlierFilesOnceAndDeletesThem() throws Exception {
    hand.begin(4);
    commitFor(HOUR);
    hand.start();
    hand.list();
    int files = fileCount();
    commitFor(3 * HOUR);
    assertThat(store.headerCount).isPositive().isLessThanOrEqualTo(files);
    assertThat(store.deletedCount).isGreaterThan(files / 2);
    int read = store.headerCount;
    commitFor(3 * HOUR);
    assertThat(store.headerCount).isEqualTo(read);
    assertPromised();
  }

  @Test
  void nothingIsDeletedOfAReplicaThatIsSomebodyElses() throws Exception {
    hand.begin(4);
    commitFor(HOUR);
    int deleted = store.deletedCount;
    hand.obstacle = new IOException("another process owns it");
    commitFor(3 * HOUR);
    assertThat(store.deletedCount).isEqualTo(deleted);
    hand.obstacle = null;
    hand.isOurs = false;
    commitFor(3 * HOUR);
    assertThat(store.deletedCount).isEqualTo(deleted);
  }

  @Test
  void aPauseAndTheEndPutItOff() throws Exception {
    hand.begin(4);
    commitFor(HOUR);
    hand.isEnding = true;
    int asked = store.deletedCount;
    commitFor(3 * HOUR);
    assertThat(store.deletedCount).isEqualTo(asked);
    hand.isEnding = false;
    hand.compactor.resume();
    commitFor(2 * HOUR);
    assertThat(store.deletedCount).isGreaterThan(asked);
    hand.compactor.stop();
    int stopped = store.requestCount;
    hand.pass(HOUR * 1_000);
    assertThat(store.requestCount).isEqualTo(stopped);
  }

  @Test
  void whatTheStoreRefusesIsToldOnceAndTriedAgain() throws Exception {
    hand.begin(4);
    store.isDeletionRefused = true;
    commitFor(6 * HOUR);
    assertThat(hand.told).hasSize(1).first().asString().startsWith("not deleted: cannot delete");
    assertThat(hand.compactor.past().deletedCount()).isZero();
    assertThat(store.notes().names("prunes/")).hasSize(1);
    for (long txid = 1; txid <= hand.past.txid; txid++) {
      assertRestorable(txid);
    }
    store.isDeletionRefused = false;
    commitFor(3 * HOUR);
    assertThat(hand.told).hasSize(2).last().isEqualTo("deletes again");
    assertThat(store.deletedCount).isPositive();
    assertPromised();
  }

  @Test
  void aDamagedPinStopsItAndIsTold() throws Exception {
    hand.begin(4);
    commitFor(HOUR / 2);
    store.notes().create("pins/old.json", "{}".getBytes(UTF_8));
    commitFor(3 * HOUR);
    assertThat(hand.told).hasSize(1).first().asString().contains("not deleted: the pin old");
    assertThat(store.deletedCount).isZero();
    hand.pass(6 * HOUR * 1_000);
    int asked = store.requestCount;
    hand.pass(48L * HOUR * 1_000);
    assertThat(store.requestCount).as("nobody commits").isEqualTo(asked);
    store.notes().delete("pins/old.json");
    commitFor(3 * HOUR);
    assertThat(hand.told).last().isEqualTo("deletes again");
    assertThat(store.deletedCount).isPositive();
  }

  @Test
  void whereItIsNotEnabledItIsOnlyTold() throws Exception {
    start(KEPT.replace("{keep", "{enabled: false, keep"));
    store.isDeletionRefused = true;
    hand.begin(4);
    commitFor(4 * HOUR);
    assertThat(hand.told).hasSize(1).first().asString().matches("could be deleted: [0-9]+");
    assertThat(store.notes().names("prunes/")).isEmpty();
    assertThat(store.deletedCount).isZero();
  }

  @Test
  void aPromiseByWhichMostWouldGoIsHeldForADayAndToldOnce() throws Exception {
    start(KEPT.replaceAll("retention:.*", ""));
    hand.begin(4);
    commitFor(4 * HOUR);
    hand.configure(KEPT.replaceAll("keep: '.*'", "keep: '1s every commit'"));
    hand.list();
    commitFor(2 * HOUR);
    assertThat(hand.told).hasSize(1).first().asString().startsWith("held: ");
    assertThat(store.deletedCount).isZero();
    hand.pass(24L * HOUR * 1_000);
    commitFor(3 * HOUR);
    assertThat(hand.told).hasSize(1);
    assertThat(store.deletedCount).isPositive();
    assertRestorable(hand.past.txid);
  }

  @Test
  void thePastOfAStrangerIsNotPlannedWithTooLittleMemory() throws Exception {
    hand.begin(4);
    hand.compactor.counted(1 << 30);
    commitFor(3 * HOUR);
    assertThat(hand.told).hasSize(1).first().asString().contains("not deleted: it has ");
    assertThat(store.deletedCount).isZero();
  }
}

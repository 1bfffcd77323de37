package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestorePlanTest {

  private final List<LtxFileInfo> files = new ArrayList<>();

  @Test
  void theNewestSnapshotAndTheFurthestReachingFilesAreChosen() throws RestoreException {
    snapshot(1, 100);
    LtxFileInfo snapshot = snapshot(5, 500);
    LtxFileInfo first = file(2, 4, 20, 2000);
    file(1, 6, 12, 1200);
    file(0, 13, 13, 1300);
    LtxFileInfo second = file(1, 21, 25, 2500);
    LtxFileInfo third = file(0, 26, 26, 2600);

    RestorePlan plan = plan(RestoreTarget.latest());

    assertThat(plan.files()).containsExactly(snapshot, first, second, third);
    assertThat(plan.txid()).isEqualTo(Txid.of(26));
    assertThat(plan.newest()).isEqualTo(third);
    assertThat(plan.sizeBytes()).isEqualTo(4000);
  }

  @Test
  void withoutASnapshotAnyFileThatBeginsAtOneWillDo() throws RestoreException {
    file(0, 1, 1, 100);
    LtxFileInfo compacted = file(3, 1, 7, 700);
    LtxFileInfo next = file(0, 8, 8, 800);
    assertThat(plan(RestoreTarget.latest()).files()).containsExactly(compacted, next);
  }

  @Test
  void aSnapshotOfTheFirstTxidIsFollowedByTheSecond() throws RestoreException {
    LtxFileInfo snapshot = snapshot(1, 100);
    LtxFileInfo second = file(0, 2, 2, 200);
    assertThat(plan(RestoreTarget.latest()).files()).containsExactly(snapshot, second);
  }

  @Test
  void ofFilesThatReachEquallyFarTheSmallerIsTaken() throws RestoreException {
    LtxFileInfo snapshot = snapshot(5, 500);
    files.add(new LtxFileInfo(2, Txid.of(2), Txid.of(8), 9000, 800));
    LtxFileInfo small = new LtxFileInfo(1, Txid.of(6), Txid.of(8), 200, 800);
    files.add(small);
    assertThat(plan(RestoreTarget.latest()).files()).containsExactly(snapshot, small);
  }

  @Test
  void theLastTxidThereIsHasNoneAfterIt() throws RestoreException {
    LtxFileInfo whole = file(0, 1, Long.MAX_VALUE, 100);
    assertThat(plan(RestoreTarget.latest()).files()).containsExactly(whole);
    LtxFileInfo snapshot = snapshot(7, 700);
    assertThat(plan(RestoreTarget.latest()).files()).containsExactly(snapshot, whole);
    assertThat(plan(RestoreTarget.at(Txid.of(7))).files()).containsExactly(snapshot);
    assertThatThrownBy(() -> plan(RestoreTarget.at(Txid.of(8))))
        .isInstanceOf(TargetNotReachableException.class);
    files.clear();
    file(0, Long.MAX_VALUE, Long.MAX_VALUE, 100);
    assertThatThrownBy(() -> plan(RestoreTarget.latest())).isInstanceOf(BrokenChainException.class);
  }

  @Test
  void aTxidIsReachedExactly() throws RestoreException {
    LtxFileInfo snapshot = snapshot(2, 200);
    snapshot(9, 900);
    LtxFileInfo three = file(0, 3, 3, 300);
    LtxFileInfo four = file(0, 4, 4, 400);
    file(1, 3, 9, 900);
    assertThat(plan(RestoreTarget.at(Txid.of(4))).files()).containsExactly(snapshot, three, four);
    assertThat(plan(RestoreTarget.at(Txid.of(9))).files()).hasSize(1);
  }

  @Test
  void aTxidInsideACompactedFileIsNotReachable() {
    snapshot(2, 200);
    file(1, 3, 9, 900);
    file(0, 9, 9, 900);

    TargetNotReachableException refused =
        catchThrowableOfType(
            TargetNotReachableException.class, () -> plan(RestoreTarget.at(Txid.of(5))));

    assertThat(refused)
        .hasMessageContaining("0000000000000005 is not available")
        .hasMessageContaining("0000000000000002 and 0000000000000009");
    assertThat(refused.nearestBefore()).isEqualTo(Txid.of(2));
    assertThat(refused.nearestAfter()).isEqualTo(Txid.of(9));
  }

  @Test
  void aTxidOutsideTheReplicaIsNotReachable() {
    snapshot(4, 400);
    file(0, 5, 5, 500);
    assertThatThrownBy(() -> plan(RestoreTarget.at(Txid.of(6))))
        .isInstanceOf(TargetNotReachableException.class)
        .hasMessageContaining("the newest is 0000000000000005");
    assertThatThrownBy(() -> plan(RestoreTarget.at(Txid.of(3))))
        .isInstanceOf(TargetNotReachableException.class)
        .hasMessageContaining("the oldest is 0000000000000004");
  }

  @Test
  void aTimeTakesTheFilesStrictlyBeforeIt() throws RestoreException {
    LtxFileInfo snapshot = snapshot(2, 200);
    LtxFileInfo three = file(0, 3, 3, 300);
    LtxFileInfo four = file(0, 4, 4, 400);
    snapshot(4, 400);
    assertThat(plan(RestoreTarget.before(400)).files()).containsExactly(snapshot, three);
    assertThat(plan(RestoreTarget.before(401)).txid()).isEqualTo(Txid.of(4));
    assertThat(plan(RestoreTarget.before(201)).files()).containsExactly(snapshot);
    assertThat(plan(RestoreTarget.before(99_999)).txid()).isEqualTo(four.maxTxid());
  }

  @Test
  void aTimeBeforeTheFirstFileIsNotReachable() {
    snapshot(2, 200);
    file(0, 3, 3, 300);
    assertThatThrownBy(() -> plan(RestoreTarget.before(200)))
        .isInstanceOf(TargetNotReachableException.class)
        .hasMessageContaining("the oldest is 0000000000000002 of 1970-01-01T00:00:00.200Z");
  }

  @Test
  void aTimeInsideACompactedFileResolvesToTheStateBeforeIt() throws RestoreException {
    LtxFileInfo snapshot = snapshot(3, 300);
    file(1, 1, 8, 800);
    file(0, 7, 7, 700);
    file(0, 8, 8, 800);
    assertThat(plan(RestoreTarget.before(750)).files()).containsExactly(snapshot);
  }

  @Test
  void aGapBeforeATimeIsAnErrorIfNothingClosesIt() {
    snapshot(3, 300);
    LtxFileInfo beyond = file(0, 7, 7, 700);
    assertThatThrownBy(() -> plan(RestoreTarget.before(750)))
        .isInstanceOf(BrokenChainException.class)
        .hasMessageContaining(beyond.toString());
  }

  @Test
  void aGapAfterTheTargetDoesNotMatter() throws RestoreException {
    snapshot(3, 300);
    file(0, 4, 4, 400);
    file(0, 7, 7, 700);
    assertThat(plan(RestoreTarget.at(Txid.of(4))).files()).hasSize(2);
    assertThat(plan(RestoreTarget.before(700)).files()).hasSize(2);
  }

  @Test
  void aGapIsNamedWithTheFilesAroundIt() {
    snapshot(3, 300);
    LtxFileInfo before = file(0, 4, 4, 400);
    LtxFileInfo after = file(0, 7, 7, 700);
    file(0, 8, 8, 800);

    BrokenChainException broken =
        catchThrowableOfType(BrokenChainException.class, () -> plan(RestoreTarget.latest()));

    assertThat(broken.firstMissing()).isEqualTo(Txid.of(5));
    assertThat(broken.lastMissing()).isEqualTo(Txid.of(6));
    assertThat(broken.before()).isEqualTo(before);
    assertThat(broken.after()).isEqualTo(after);
    assertThat(broken).hasMessageContaining("TXIDs 0000000000000005 to 0000000000000006");
    assertThatThrownBy(() -> plan(RestoreTarget.at(Txid.of(8))))
        .isInstanceOf(BrokenChainException.class)
        .hasMessage(broken.getMessage());
  }

  @Test
  void aMissingBeginningIsAGapToo() {
    LtxFileInfo after = file(0, 5, 5, 500);
    for (RestoreTarget target :
        List.of(RestoreTarget.latest(), RestoreTarget.at(Txid.of(5)), RestoreTarget.before(900))) {
      assertThatThrownBy(() -> plan(target))
          .isInstanceOf(BrokenChainException.class)
          .hasMessageContaining("no file of the replica begins at TXID 1")
          .hasMessageContaining(after.toString());
    }
  }

  @Test
  void anEmptyReplicaIsNoBackup() {
    for (RestoreTarget target :
        List.of(RestoreTarget.latest(), RestoreTarget.at(Txid.of(5)), RestoreTarget.before(900))) {
      assertThatThrownBy(() -> plan(target))
          .isInstanceOf(NoBackupException.class)
          .hasMessage("no backup in memory://replica");
    }
  }

  @Test
  void randomReplicasGiveTheFewestFilesOrTheRightError() throws RestoreException {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      files.clear();
      int newest = 1 + random.nextInt(8);
      int count = random.nextInt(8);
      for (int i = 0; i < count; i++) {
        int max = 1 + random.nextInt(newest);
        if (random.nextInt(3) == 0) {
          snapshot(max, max * 100);
        } else {
          file(random.nextInt(9), 1 + random.nextInt(max), max, max * 100);
        }
      }
      Collections.shuffle(files, random);
      compare(seed, RestoreTarget.at(Txid.of(1 + random.nextInt(newest))));
      compare(seed, RestoreTarget.before(1 + random.nextInt(newest * 100 + 50)));
      compare(seed, RestoreTarget.latest());
    }
  }

  private void compare(long seed, RestoreTarget target) {
    PlanOracle oracle = new PlanOracle(files, target);
    try {
      RestorePlan plan = plan(target);
      assertThat(plan.txid().value()).as("seed %d, %s", seed, target).isEqualTo(oracle.txid());
      assertThat(plan.files().size()).as("seed %d, %s", seed, target).isEqualTo(oracle.count());
      PlanOracle.checkChain(plan);
    } catch (RestoreException e) {
      assertThat(oracle.error())
          .as("seed %d, %s: %s", seed, target, e.getMessage())
          .isEqualTo(e.getClass());
    }
  }

  private LtxFileInfo snapshot(long max, long millis) {
    return file(9, 1, max, millis);
  }

  private LtxFileInfo file(int level, long min, long max, long millis) {
    LtxFileInfo file = new LtxFileInfo(level, Txid.of(min), Txid.of(max), 1000, millis);
    files.add(file);
    return file;
  }

  private RestorePlan plan(RestoreTarget target) throws RestoreException {
    return RestorePlan.of("memory://replica", files, target);
  }
}

package io.walsync.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static LtxFileInfo file(int level, long min, long max) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), 100, 1_000 * max);
  }

  private static List<Long> txids(Timeline timeline) {
    List<Long> txids = new ArrayList<>();
    timeline.points().forEach(point -> txids.add(point.txid().value()));
    return txids;
  }

  @Test
  void everyEndOfAFileThatAChainReachesIsAState() {
    Timeline timeline =
        Timeline.of(Arrays.asList(file(9, 1, 1), file(0, 2, 2), file(1, 3, 7), file(0, 8, 8)));
    assertThat(txids(timeline)).containsExactly(1L, 2L, 7L, 8L);
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.snapshots()).hasSize(1);
    assertThat(timeline.sizeBytes()).isEqualTo(400);
  }

  @Test
  void aStateHasTheTimeOfTheFileThatBroughtItAndNotOfTheOneItWasMergedInto() {
    LtxFileInfo merged = file(1, 2, 3).withCreatedMillis(900_000);
    Timeline timeline =
        Timeline.of(Arrays.asList(file(9, 1, 1), file(0, 2, 2), file(0, 3, 3), merged));
    assertThat(timeline.points())
        .extracting(Timeline.Point::millis)
        .containsExactly(1_000L, 2_000L, 3_000L);
  }

  @Test
  void statesOfOnePrecisionAreOneRange() {
    Timeline timeline =
        Timeline.of(
            Arrays.asList(
                file(9, 1, 10),
                file(2, 11, 20),
                file(2, 21, 30),
                file(0, 31, 31),
                file(0, 32, 32)));
    assertThat(timeline.ranges())
        .extracting(range -> range.first().txid().value() + "-" + range.last().txid().value())
        .containsExactly("10-30", "31-32");
    assertThat(timeline.ranges().get(0).isEveryTxid()).isFalse();
    assertThat(timeline.ranges().get(0).widestMillis()).isEqualTo(10_000);
    assertThat(timeline.ranges().get(1).isEveryTxid()).isTrue();
  }

  @Test
  void whatFollowsAMissingFileIsLostUntilTheNextSnapshot() {
    Timeline timeline =
        Timeline.of(
            Arrays.asList(
                file(9, 1, 1),
                file(0, 2, 2),
                file(0, 5, 5),
                file(0, 6, 6),
                file(9, 1, 7),
                file(0, 7, 7),
                file(0, 8, 8)));
    assertThat(txids(timeline)).containsExactly(1L, 2L, 7L, 8L);
    assertThat(timeline.gaps()).hasSize(1);
    Timeline.Gap gap = timeline.gaps().get(0);
    assertThat(gap.firstMissing().value()).isEqualTo(3);
    assertThat(gap.lastMissing().value()).isEqualTo(4);
    assertThat(gap.lastLost().value()).isEqualTo(6);
    assertThat(timeline.ranges()).hasSize(2);
  }

  @Test
  void whatIsLeftWithoutAFileIsKnownByItsNameWhateverItsTime() {
    Timeline timeline = Timeline.of(Arrays.asList(file(9, 1, 1), file(0, 2, 2), file(0, 3, 3)));
    LtxFileInfo damaged = file(0, 3, 3).withCreatedMillis(7);
    assertThat(timeline.newest()).isEqualTo(Txid.of(3));
    assertThat(timeline.without(List.of(damaged)).newest()).isEqualTo(Txid.of(2));
    assertThat(timeline.without(List.of(file(9, 1, 1))).newest()).isNull();
  }

  @Test
  void withoutABaseNothingCanBeRestored() {
    Timeline timeline = Timeline.of(Arrays.asList(file(0, 4, 4), file(0, 5, 5)));
    assertThat(timeline.points()).isEmpty();
    assertThat(timeline.gaps().get(0).firstMissing().value()).isEqualTo(1);
    assertThat(timeline.gaps().get(0).lastLost().value()).isEqualTo(5);
    assertThat(Timeline.of(Collections.emptyList()).gaps()).isEmpty();
  }

  /** What the timeline names, and nothing else, is what a restore to a TXID finds. */
  @Test
  void itsStatesAreThoseThatAPlanReaches() {
    long seed = Long.getLong("walsync.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<LtxFileInfo> files = new ArrayList<>();
      for (int i = random.nextInt(14); i >= 0; i--) {
        int level = new int[] {0, 0, 0, 1, 2, 9}[random.nextInt(6)];
        int min = 1 + random.nextInt(12);
        int max = level == 0 ? min : min + random.nextInt(4);
        boolean isOddSnapshot = random.nextInt(5) == 0;
        files.add(file(level, level == 9 && !isOddSnapshot ? 1 : min, max));
      }
      List<Long> reached = new ArrayList<>();
      for (long txid = 1; txid < 20; txid++) {
        if (isReached(files, txid)) {
          reached.add(txid);
        }
      }
      assertThat(txids(Timeline.of(files))).as("seed %s: %s", seed, files).isEqualTo(reached);
    }
  }

  private static boolean isReached(List<LtxFileInfo> files, long txid) {
    try {
      RestorePlan.of("memory:", files, RestoreTarget.at(Txid.of(txid)));
      return true;
    } catch (RestoreException notThere) {
      return false;
    }
  }
}

package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Milliseconds in these tests are in units that are easy to read: a day is a million. */
class ReplicaTimesTest {

  private static final long NOW = 10_000_000;

  private final List<LtxFileInfo> files = new ArrayList<>();

  private LtxFileInfo file(long txid, long created, long stored) {
    int level = txid == 1 ? LtxFileInfo.LEVEL_SNAPSHOT : LtxFileInfo.LEVEL_L0;
    LtxFileInfo file =
        new LtxFileInfo(level, Txid.of(txid), Txid.of(txid), 100, created).withStoredMillis(stored);
    files.add(file);
    return file;
  }

  private RestorePlan plan(long before) throws RestoreException {
    ReplicaTimes times = new ReplicaTimes(files, NOW);
    RestoreTarget target = RestoreTarget.before(before);
    RestorePlan plan = RestorePlan.of("url", times.believed(), target);
    return plan.with(times.doubt(plan, target));
  }

  @Test
  void timesInThePastAreBelievedAndNothingIsSaid() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    file(2, 2_000_000, 2_000_100);
    assertThat(plan(2_000_000).txid()).isEqualTo(Txid.of(1));
    assertThat(plan(2_000_001).txid()).isEqualTo(Txid.of(2));
    assertThat(plan(2_000_001).doubt()).isNull();
  }

  @Test
  void aTimeInTheFutureGivesWayToTheStoresAndThatIsSaid() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    LtxFileInfo ahead = file(2, 90_000_000, 2_000_100);
    file(3, 90_000_000, 3_000_100);
    assertThat(plan(2_000_100).txid()).isEqualTo(Txid.of(1));
    RestorePlan plan = plan(3_000_000);
    assertThat(plan.txid()).isEqualTo(Txid.of(2));
    assertThat(plan.newest().createdMillis()).isEqualTo(2_000_100);
    assertThat(plan.doubt().taken()).isEqualTo(ahead);
    assertThat(plan.doubt().believedMillis()).isEqualTo(2_000_100);
    assertThat(plan.doubt().leftOut()).isNull();
  }

  @Test
  void whatAStateWasBuiltOnIsNoYoungerThanTheState() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    // The store had the same wrong clock, or the file was copied since.
    file(2, 90_000_000, 90_000_100);
    file(3, 90_000_000, 3_000_100);
    assertThat(plan(3_000_100).txid()).isEqualTo(Txid.of(1));
    assertThat(plan(3_000_101).txid()).isEqualTo(Txid.of(3));
  }

  @Test
  void aTimeInTheFutureThatNobodyContradictsStays() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    file(2, 90_000_000, Long.MAX_VALUE);
    assertThat(plan(NOW).txid()).isEqualTo(Txid.of(1));
    assertThat(plan(90_000_001).txid()).isEqualTo(Txid.of(2));
  }

  @Test
  void aTimeInThePastIsBelievedAgainstTheStoreAndWhatIsLeftOutIsNamed() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    file(2, 8_000_000, 2_000_100);
    LtxFileInfo newest = file(3, 8_000_000, 3_000_100);
    file(4, 8_000_000, 8_000_100);
    RestorePlan plan = plan(5_000_000);
    assertThat(plan.txid()).isEqualTo(Txid.of(1));
    assertThat(plan.doubt().taken()).isNull();
    assertThat(plan.doubt().leftOut()).isEqualTo(newest);
    assertThat(plan(8_000_001).doubt()).isNull();
  }

  @Test
  void aStoreThatIsAMinuteBehindIsNotWorthAWord() throws RestoreException {
    file(1, 1_000_000, 1_000_100);
    file(2, 2_000_000, 1_950_000);
    assertThat(plan(1_970_000).txid()).isEqualTo(Txid.of(1));
    assertThat(plan(1_970_000).doubt()).isNull();
  }
}

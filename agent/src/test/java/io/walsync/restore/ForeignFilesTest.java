package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.history.Timeline;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.teststore.Failures;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The owner of epoch 1 slept; epoch 2 began at TXID {@link #TAKEN_OVER}; then the snapshot that the
 * first owner had on its way arrived.
 */
class ForeignFilesTest {

  private static final int TAKEN_OVER = 5;

  @TempDir Path folder;

  private final MemoryReplica replica = new MemoryReplica();
  private final History history = new History(replica, new Random(7), 512, 20);
  private final List<LtxFileInfo> chain = new ArrayList<>();

  @BeforeEach
  void takeOver() throws IOException {
    for (int txid = 1; txid <= 9; txid++) {
      LtxFileInfo file = history.commit();
      replica.recordEpoch(file, txid < TAKEN_OVER ? 1 : 2);
      record(file);
      chain.add(file);
    }
    own(2);
  }

  private void own(long epoch) {
    replica.owner = new OwnerObject(new Owner(epoch, "id" + epoch, "host", "1", 0), "tag");
  }

  /** What its writer knew of the database: what a restore of it makes now. */
  private void record(LtxFileInfo file) throws IOException {
    RestoreTarget target = RestoreTarget.at(file.maxTxid());
    RestorePlan plan = RestorePlan.of(replica.url(), replica.all(), target);
    replica.recordDatabaseChecksum(file, restore().prove(plan).checksum());
  }

  /** The whole database as another writer had it at a TXID. */
  private LtxFileInfo strange(int txid, long epoch) throws IOException {
    MemoryReplica elsewhere = new MemoryReplica();
    History other = new History(elsewhere, new Random(99), 512, 20);
    while (other.txid() < txid) {
      other.commit();
    }
    LtxFileInfo there = other.snapshot();
    LtxFileInfo late =
        replica.put(9, 1, txid, there.createdMillis() + 60_000, elsewhere.content(there));
    replica.recordEpoch(late, epoch);
    RestorePlan alone = new RestorePlan(List.of(late));
    replica.recordDatabaseChecksum(late, restore().prove(alone).checksum());
    return late;
  }

  private Restore restore() {
    return new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
  }

  private void assertRestored(RestoreTarget target, int txid) throws IOException {
    File output = folder.resolve(target.toString().replace(' ', '-')).toFile();
    RestoreResult result = restore().run(target, output);
    assertThat(result.txid()).isEqualTo(Txid.of(txid));
    assertThat(Files.readAllBytes(output.toPath())).isEqualTo(history.states.get(txid));
    Files.delete(output.toPath());
  }

  private void assertEveryStateRestored() throws IOException {
    for (int txid = 1; txid <= 9; txid++) {
      assertRestored(RestoreTarget.at(Txid.of(txid)), txid);
    }
    assertRestored(RestoreTarget.latest(), 9);
  }

  @Test
  void aLateSnapshotOfAnOlderEpochIsNeverUsed() throws IOException {
    for (int txid = TAKEN_OVER; txid <= 9; txid++) {
      LtxFileInfo late = strange(txid, 1);
      assertEveryStateRestored();
      assertThat(restore().plan(RestoreTarget.latest()).foreign()).containsExactly(late);
      replica.remove(late);
    }
  }

  @Test
  void aLateSnapshotBeyondAllFilesIsNotTheNewestState() throws IOException {
    LtxFileInfo late = strange(30, 1);
    assertEveryStateRestored();
    assertThat(restore().plan(RestoreTarget.latest()).foreign()).containsExactly(late);
  }

  @Test
  void theTimelineAndTheProofOfAllStatesDoNotKnowIt() throws IOException {
    strange(6, 1);
    strange(30, 1);
    Failures failed = new Failures();
    Timeline timeline = new Proof(replica, restore()).all(failed);
    assertThat(failed.txids()).isEmpty();
    assertThat(timeline.newest()).isEqualTo(Txid.of(9));
  }

  @Test
  void severalLateSnapshotsAreToldApartFromOneThatIsOurs() throws IOException {
    LtxFileInfo ours = history.snapshot();
    replica.recordEpoch(ours, 2);
    record(ours);
    strange(6, 1);
    strange(8, 1);
    strange(12, 1);
    assertEveryStateRestored();
    assertThat(restore().plan(RestoreTarget.latest()).files()).containsExactly(ours);
  }

  @Test
  void aSnapshotOfTheNextOwnerEndsTheFormersHistory() throws IOException {
    LtxFileInfo next = strange(9, 3);
    own(3);
    assertThat(restore().plan(RestoreTarget.latest()).files()).containsExactly(next);
    assertThat(restore().plan(RestoreTarget.latest()).foreign()).containsExactly(chain.get(8));
  }

  @Test
  void anEpochThatNobodyClaimedDoesNotEndTheOwnersHistory() throws IOException {
    LtxFileInfo died = chain.get(8);
    replica.recordEpoch(died, 3);
    LtxFileInfo snapshot = strange(9, 2);
    RestorePlan plan = restore().plan(RestoreTarget.latest());
    assertThat(plan.files()).containsExactly(snapshot);
    assertThat(plan.foreign()).containsExactly(died);
    own(3);
    assertThat(restore().plan(RestoreTarget.latest()).foreign()).containsExactly(snapshot);
  }

  @Test
  void whereFilesWereMergedTheChecksumOfTheDatabaseTellsIt() throws IOException {
    LtxFileInfo merged = history.compact(0, TAKEN_OVER - 1, 8);
    replica.recordEpoch(merged, 2);
    for (int txid = TAKEN_OVER - 1; txid <= 8; txid++) {
      replica.remove(chain.get(txid - 1));
    }
    LtxFileInfo late = strange(6, 1);

    assertRestored(RestoreTarget.latest(), 9);

    RestorePlan misled = restore().plan(RestoreTarget.latest());
    assertThat(misled.files().get(0)).as("nothing is recorded that tells it").isEqualTo(late);
    RestorePlan proved = new Proof(replica, restore()).stream(RestoreTarget.latest()).plan();
    assertThat(proved.foreign()).containsExactly(late);
  }

  @Test
  void whereNoOtherWayLeadsToItARestoreFailsAndWritesNothing() throws IOException {
    strange(6, 1);
    for (int txid = 1; txid <= 6; txid++) {
      replica.remove(chain.get(txid - 1));
    }
    assertThatThrownBy(
            () -> restore().run(RestoreTarget.latest(), folder.resolve("app.db").toFile()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("another history");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsAskedOfAReplicaWithoutRivals() throws IOException {
    MemoryReplica asked =
        new MemoryReplica() {
          @Override
          public synchronized long recordedEpoch(LtxFileInfo file) {
            throw new AssertionError("a request");
          }
        };
    History plain = new History(asked, new Random(1), 512, 20);
    plain.commit();
    asked.remove(asked.all().get(0));
    plain.snapshot();
    plain.commit();
    RestorePlan plan =
        new Restore(asked, RestoreOptions.defaults(), RestoreProgress.NONE)
            .plan(RestoreTarget.latest());
    assertThat(plan.files()).hasSize(2);
  }

  @Test
  void filesWithoutARecordAreBelieved() throws IOException {
    LtxFileInfo snapshot = strange(7, 0);
    RestorePlan plan = restore().plan(RestoreTarget.latest());
    assertThat(plan.files().get(0)).isEqualTo(snapshot);
  }
}

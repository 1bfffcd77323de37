package io.walsync.db.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.compaction.Past;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.replica.Sha256;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.BytesSource;
import io.walsync.teststore.ForwardingReplicaClient;
import io.walsync.teststore.MemoryStore;
import io.walsync.teststore.WholeStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactorTest {

  @TempDir Path folder;

  private final MemoryStore store = new MemoryStore();
  private final Counted counted = new Counted(store);
  private CompactorByHand hand;

  /** Counts what is asked of the store beside writes. */
  private static final class Counted extends ForwardingReplicaClient {
    int listCount;
    int openCount;
    int lookCount;
    int writeCount;
    IOException failure;
    IOException snapshotFailure;

    Counted(ReplicaClient delegate) {
      super(delegate);
    }

    int all() {
      return listCount + openCount + lookCount + writeCount;
    }

    @Override
    public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
      listCount++;
      return super.list(level, seek, exactTimes);
    }

    @Override
    public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
      openCount++;
      return super.open(file, offset, length);
    }

    @Override
    public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
      lookCount++;
      return super.recordedDatabaseChecksum(file);
    }

    @Override
    public long recordedEpoch(LtxFileInfo file) throws IOException {
      lookCount++;
      return super.recordedEpoch(file);
    }

    @Override
    public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
      return WholeStream.write(this, name, content);
    }

    @Override
    public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
      if (file.level() == 9 && snapshotFailure != null) {
        throw snapshotFailure;
      }
      boolean isMerged = file.level() > 0 && file.level() < 9;
      writeCount += isMerged ? 1 : 0;
      if (isMerged && failure != null) {
        throw failure;
      }
      super.write(file, content, sha256Hex);
    }
  }

  @BeforeEach
  void start() throws Exception {
    start(CompactorByHand.LEVELS);
  }

  private void start(String levels) throws Exception {
    hand = new CompactorByHand(folder, counted, levels, 1);
  }

  /** A commit each second. */
  private void commitFor(int seconds) throws IOException {
    for (int i = 0; i < seconds; i++) {
      hand.commit(1 + i % 9);
      hand.pass(1_000);
    }
  }

  private List<LtxFileInfo> level(int level) throws IOException {
    return store.list(level, Txid.FIRST, false);
  }

  @Test
  void eachLevelIsMergedWhenItsIntervalHasPassedAndARestoreReadsFewFiles() throws Exception {
    hand.begin(4);
    commitFor(700);
    hand.pass(300_000);

    assertThat(level(0)).hasSize(700);
    assertThat(level(1)).hasSizeBetween(70, 71);
    assertThat(level(2)).hasSizeBetween(11, 13);
    assertThat(level(3)).hasSizeBetween(2, 3);
    assertThat(hand.merged).doesNotHaveDuplicates().allMatch(file -> file.minTxid().value() > 1);
    RestorePlan plan = RestorePlan.of("", ReplicaFiles.list(store), RestoreTarget.latest());
    assertThat(plan.txid()).isEqualTo(Txid.of(701));
    assertThat(plan.files()).hasSizeLessThan(8);
    assertThat(hand.told).isEmpty();
    assertThat(hand.compactor.past().mergedMillis()).isPositive();
    assertThat(hand.compactor.past().mergeCount()).isEqualTo(hand.merged.size());
    assertThat(hand.compactor.past().mergedBytes())
        .isEqualTo(hand.merged.stream().mapToLong(LtxFileInfo::sizeBytes).sum());
    assertThat(hand.compactor.past().failureCount()).isZero();
  }

  @Test
  void nothingIsListedOrLookedUpAndNothingIsAskedForAnIdleDatabase() throws Exception {
    hand.begin(4);
    commitFor(100);
    hand.pass(300_000);
    assertThat(counted.lookCount).isZero();
    assertThat(counted.listCount).as("the start's").isEqualTo(LtxFileInfo.levels().length);
    hand.pass(2 * 86_400_000);
    assertThat(hand.snapshots).as("of what came after the first").hasSize(1);
    int asked = counted.all();

    hand.pass(86_400_000);

    assertThat(counted.all()).isEqualTo(asked);
    assertThat(hand.waits()).isEmpty();
  }

  @Test
  void aProcessThatUploadsNothingMergesNothing() throws Exception {
    hand.begin(4);
    commitFor(50);
    hand.start();
    int asked = counted.all();
    hand.list();
    hand.pass(86_400_000);
    assertThat(counted.all()).isEqualTo(asked + LtxFileInfo.levels().length);
  }

  @Test
  void whatAnEarlierProcessHasLeftIsMergedWithTheFirstUpload() throws Exception {
    hand.begin(4);
    hand.isEnding = true;
    commitFor(100);
    assertThat(hand.merged).isEmpty();
    hand.isEnding = false;
    hand.start();
    hand.list();
    int lists = counted.listCount;

    hand.commit(3);
    hand.pass(60_000);

    assertThat(level(1)).hasSize(10);
    assertThat(level(2)).isNotEmpty();
    assertThat(counted.listCount).as("the listing of the start is used").isEqualTo(lists);
  }

  @Test
  void smallFilesAreNotFetchedAndTheirRoomIsGivenBack() throws Exception {
    long kept = RecentFiles.keptBytes();
    hand.keepsContent = true;
    hand.begin(4);
    commitFor(103);
    assertThat(level(1)).hasSizeGreaterThan(8);
    assertThat(counted.openCount).as("of level 1").isLessThan(20);
    assertThat(RecentFiles.keptBytes()).isGreaterThan(kept);
    hand.pass(300_000);
    assertThat(RecentFiles.keptBytes()).isEqualTo(kept);
    hand.commit(9);
    assertThat(RecentFiles.keptBytes()).isGreaterThan(kept);
    hand.compactor.stop();
    assertThat(RecentFiles.keptBytes()).isEqualTo(kept);
  }

  @Test
  void oneFileAloneIsNotStoredTwice() throws Exception {
    hand.begin(4);
    hand.commit(3);
    hand.pass(600_000);
    assertThat(hand.merged).isEmpty();
    hand.commit(3);
    hand.pass(600_000);
    assertThat(level(1)).hasSize(1);
    assertThat(level(2)).isEmpty();
  }

  @Test
  void aSnapshotIsMadeWhenTheLastIsOldAndNoneIfNothingCameAfterIt() throws Exception {
    start(CompactorByHand.LEVELS + "snapshot: {interval: 1h}\n");
    hand.begin(4);
    commitFor(50);
    hand.pass(3_300_000);
    assertThat(hand.snapshots).isEmpty();
    hand.pass(800_000);

    assertThat(hand.snapshots).hasSize(1);
    LtxFileInfo snapshot = hand.snapshots.get(0);
    assertThat(snapshot.isBase()).isTrue();
    assertThat(snapshot.maxTxid()).isEqualTo(Txid.of(51));
    assertThat(level(9)).contains(snapshot);
    assertThat(store.recordedDatabaseChecksum(snapshot)).isEqualTo(hand.past.checksum());
    assertThat(store.recordedEpoch(snapshot)).isEqualTo(1);
    assertThat(RestorePlan.of("", ReplicaFiles.list(store), RestoreTarget.latest()).files())
        .containsExactly(snapshot);
    hand.pass(86_400_000);
    assertThat(hand.snapshots).hasSize(1);
    assertThat(hand.compactor.past().snapshotMillis()).isPositive();
    assertThat(hand.compactor.past().snapshotCount()).isPositive();
    assertThat(hand.told).isEmpty();
  }

  @Test
  void aSnapshotThatFailsIsTriedAgainAndMergesGoOn() throws Exception {
    start(CompactorByHand.LEVELS + "snapshot: {interval: 1h}\n");
    hand.begin(4);
    counted.snapshotFailure = new IOException("the store is full");
    for (int i = 0; i < 3; i++) {
      hand.pass(3_600_000);
      int before = hand.merged.size();
      commitFor(120);
      hand.pass(60_000);
      assertThat(hand.merged.size() - before).isGreaterThan(8);
    }
    assertThat(hand.snapshots).isEmpty();
    assertThat(hand.told).containsExactly("no snapshot: the store is full");
    counted.snapshotFailure = null;
    hand.pass(900_000);
    assertThat(hand.snapshots).hasSize(1);
  }

  @Test
  void aClockThatIsSetBackDoesNotDelayMerges() throws Exception {
    hand.begin(4);
    commitFor(30);
    hand.pass(60_000);
    int before = hand.merged.size();
    hand.setBackMillis = 86_400_000;
    commitFor(120);
    hand.pass(60_000);
    assertThat(hand.merged.size() - before).isGreaterThan(8);
  }

  @Test
  void aRestoreNeverReadsMoreThanAHundredFilesForLong() throws Exception {
    start("levels: [{interval: 10s}]\n");
    hand.begin(4);
    for (int i = 0; i < 30; i++) {
      commitFor(60);
      hand.pass(1_000);
      assertThat(RestorePlan.of("", ReplicaFiles.list(store), RestoreTarget.latest()).files())
          .hasSizeLessThan(125);
    }
    assertThat(hand.snapshots).isNotEmpty();
  }

  @Test
  void anImageThatIsNotWhatWasCommittedIsNotStoredAndTold() throws Exception {
    start(CompactorByHand.LEVELS + "snapshot: {interval: 1h}\n");
    hand.begin(4);
    commitFor(50);
    hand.past.wrongChecksum = 1;
    commitFor(2);
    hand.past.wrongChecksum = 0;
    hand.pass(2 * 3_600_000);

    assertThat(hand.snapshots).isEmpty();
    assertThat(hand.told).hasSize(1);
    assertThat(hand.told.get(0))
        .startsWith("wrong: the files of memory://store up to TXID 0000000000000035 make a")
        .contains("was recorded at its commit, beside level ");
    assertThat(hand.stagingFolder()).isEmptyDirectory();
    hand.commit(3);
    hand.pass(86_400_000);
    assertThat(hand.snapshots).as("of a later state that is as it was").hasSize(1);
  }

  @Test
  void withoutLevelsNothingIsMerged() throws Exception {
    start("levels: []\n");
    hand.begin(4);
    commitFor(100);
    hand.pass(86_400_000);
    assertThat(counted.writeCount).isZero();
    assertThat(hand.waits()).isEmpty();
  }

  @Test
  void aReplicaThatIsNotOursIsLeftAlone() throws Exception {
    hand.begin(4);
    hand.isOurs = false;
    commitFor(100);
    assertThat(counted.writeCount).isZero();
    hand.isOurs = true;
    hand.obstacle = new IOException("somebody else owns it");
    commitFor(100);
    assertThat(counted.writeCount).isZero();
    assertThat(hand.told).containsExactly("not merged: somebody else owns it");
  }

  @Test
  void aFailureIsToldOnceWhenItIsTheSecondAndItsEndToo() throws Exception {
    hand.begin(4);
    counted.failure = new IOException("the store is full");
    commitFor(11);
    assertThat(hand.told).as("the first").isEmpty();
    commitFor(300);
    assertThat(hand.told).containsExactly("not merged: the store is full");
    assertThat(counted.writeCount).as("tries in five minutes").isBetween(3, 12);
    counted.failure = null;
    commitFor(900);
    assertThat(hand.told).containsExactly("not merged: the store is full", "again");
    assertThat(level(1)).hasSizeGreaterThan(100);
  }

  @Test
  void aFileOfAnotherWriterUnderTheNameIsNotOverwrittenAndGoneOnBehind() throws Exception {
    start("levels: [{interval: 10s}]\n");
    hand.begin(4);
    commitFor(8);
    List<LtxFileInfo> inputs = level(0);
    byte[] other = {1, 2, 3};
    LtxFileInfo theirs =
        new LtxFileInfo(
            1, inputs.get(0).minTxid(), inputs.get(inputs.size() - 1).maxTxid(), 3, hand.millis());
    counted.failure = new LtxFileConflictException("another file is there");
    hand.pass(3_000);
    counted.failure = null;
    store.write(theirs, new BytesSource(other), Sha256.hexOf(other));
    commitFor(40);

    assertThat(level(1)).hasSizeGreaterThan(2).contains(theirs);
    assertThat(store.recordedSha256(theirs)).isEqualTo(Sha256.hexOf(other));
    assertThat(hand.told).isEmpty();
  }

  @Test
  void theEndOfTheProcessLeavesAMergeAtOnce() throws Exception {
    hand.begin(4);
    commitFor(9);
    hand.client =
        new ForwardingReplicaClient(counted) {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            hand.isEnding = true;
            return super.open(file, offset, length);
          }
        };
    int opened = counted.openCount;
    hand.pass(600_000);

    assertThat(counted.openCount).isBetween(opened + 1, opened + 10);
    assertThat(hand.merged).isEmpty();
    assertThat(hand.told).isEmpty();
    assertThat(hand.stagingFolder()).isEmptyDirectory();
    assertThat(hand.waits()).isEmpty();
  }

  @Test
  void anUploadIsNotHinderedByTheWantOfAThread() throws Exception {
    hand.hasThreads = false;
    hand.begin(4);
    commitFor(30);
    assertThat(hand.merged).isEmpty();
    hand.hasThreads = true;
    commitFor(30);
    assertThat(hand.merged).hasSizeGreaterThan(4);
  }

  @Test
  void aRefusedDatabaseIsNotMergedAnyMore() throws Exception {
    hand.begin(4);
    commitFor(9);
    hand.compactor.stop();
    hand.pass(600_000);
    assertThat(hand.merged).isEmpty();
  }

  @Test
  void aMergedFileHasWhatIsRecordedBesideItsNewestInput() throws Exception {
    hand.begin(4);
    commitFor(200);
    for (LtxFileInfo file : hand.merged) {
      LtxFileInfo newest = new LtxFileInfo(0, file.maxTxid(), file.maxTxid(), 0, 0);
      assertThat(store.recordedDatabaseChecksum(file))
          .isNotZero()
          .isEqualTo(store.recordedDatabaseChecksum(newest));
      assertThat(store.recordedEpoch(file)).isEqualTo(1);
    }
    assertThat(hand.past.times.get(1L)).isEqualTo(Past.FIRST_MILLIS);
  }
}

package io.walsync.db.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the fence one by one; {@link FenceModelTest} shows that they suffice. */
class FenceTest {

  private static final long LATE = Fence.HORIZON_MILLIS;

  @TempDir Path folder;

  private Store store;
  private final Times times = new Times();
  private final Fence fence = new Fence(times);

  /** Three clocks that are set one by one. */
  private static final class Times implements Clock {
    private long nanoMillis = 5;
    private long wallMillis = 1_790_000_000_000L;
    private long storeMillis = 1_790_000_000_000L;

    @Override
    public long nanoTime() {
      return nanoMillis * 1_000_000;
    }

    @Override
    public long millis() {
      return wallMillis;
    }

    @Override
    public void pause(long nanos) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Store extends ForwardingReplicaClient {
    private int readCount;
    private int replaceCount;
    private boolean isForbidden;
    private boolean losesAnswers;

    Store() {
      super(new FileReplicaClient(folder.toFile()));
    }

    @Override
    public boolean isOwnerNear() {
      return false;
    }

    @Override
    public long storeMillis() {
      return times.storeMillis;
    }

    @Override
    public OwnerObject owner() throws IOException {
      readCount++;
      if (isForbidden) {
        throw new ReplicaException("forbidden", true);
      }
      return super.owner();
    }

    @Override
    public boolean replaceOwner(OwnerObject before, Owner owner) throws IOException {
      replaceCount++;
      boolean isReplaced = super.replaceOwner(before, owner);
      if (losesAnswers) {
        losesAnswers = false;
        throw new ReplicaException("the answer is lost", false);
      }
      return isReplaced;
    }
  }

  @BeforeEach
  void begin() throws IOException {
    store = new Store();
    store.init();
  }

  private static LtxFileInfo file(long txid) {
    return new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), 100, 1_790_000_000_000L);
  }

  private void list(long newestTxid) throws IOException {
    fence.look(store);
    fence.listed(newestTxid);
  }

  private void upload(long txid) throws IOException {
    fence.sending(store, file(txid));
    fence.stored(store, file(txid));
  }

  private void somebodyTakesOver() throws IOException {
    OwnerObject before = store.owner();
    Owner next = new Owner(before.owner().epoch() + 1, "somebody", "web-2", "12", 0);
    assertThat(store.replaceOwner(before, next)).isTrue();
  }

  @Test
  void theFirstUploadOfAProcessClaimsTheReplicaAndFurtherOnesAskNothing() throws IOException {
    list(0);
    assertThat(fence.epoch()).as("it is recorded with the first file").isEqualTo(1);
    upload(1);
    upload(2);
    upload(3);

    assertThat(store.owner().owner()).isEqualTo(ThisProcess.owner(1, 0));
    assertThat(store.readCount).as("once before the listing, once by this test").isEqualTo(2);
    assertThat(store.replaceCount).isEqualTo(1);
    assertThat(fence.takePredecessor()).isNull();
  }

  @Test
  void aPredecessorIsSucceededWithTheNextEpochAndNamedOnce() throws IOException {
    somebodyTakesOver();
    list(7);
    assertThat(fence.isForeign()).isTrue();

    upload(8);

    assertThat(fence.isForeign()).isFalse();
    assertThat(store.owner().owner().epoch()).isEqualTo(2);
    assertThat(fence.takePredecessor().id()).isEqualTo("somebody");
    assertThat(fence.takePredecessor()).isNull();
  }

  @Test
  void aMergeAsksWhoOwnsTheReplicaOnlyIfNoUploadHasJustShownIt() throws IOException {
    list(0);
    assertThat(fence.isOurs()).as("before an upload").isFalse();
    upload(1);
    assertThat(fence.isOurs()).isTrue();
    int read = store.readCount;
    fence.confirm(store);
    assertThat(store.readCount).isEqualTo(read);
    times.wallMillis += LATE;
    fence.confirm(store);
    assertThat(store.readCount).isEqualTo(read + 1);
  }

  @Test
  void aMergeThatFindsAnotherOwnerHasTheNextUploadAsk() throws IOException {
    list(0);
    upload(1);
    times.wallMillis += LATE;
    somebodyTakesOver();
    assertThatThrownBy(() -> fence.confirm(store)).isInstanceOf(TakenOverException.class);
    assertThat(fence.isOurs()).isFalse();
    times.wallMillis -= LATE;
    assertThatThrownBy(() -> upload(2)).isInstanceOf(TakenOverException.class);
  }

  @Test
  void whereNobodyCanSayWhoOwnsItMergesGoOn() throws IOException {
    store.isForbidden = true;
    list(0);
    upload(1);
    assertThat(fence.isOurs()).isTrue();
    fence.confirm(store);
  }

  @Test
  void whoWasFasterToClaimItKeepsIt() throws IOException {
    list(0);
    fence.sending(store, file(1));
    somebodyTakesOver();

    assertThatThrownBy(() -> fence.stored(store, file(1)))
        .isInstanceOf(TakenOverException.class)
        .hasMessageContaining("process 12 on web-2 (epoch 1)")
        .hasMessageContaining("we are process");
  }

  @Test
  void aClaimWhoseAnswerIsLostIsRecognisedAtTheNextTry() throws IOException {
    list(0);
    fence.sending(store, file(1));
    store.losesAnswers = true;
    assertThatThrownBy(() -> fence.stored(store, file(1))).isInstanceOf(ReplicaException.class);

    upload(1);

    assertThat(store.owner().owner()).isEqualTo(ThisProcess.owner(1, 0));
  }

  @Test
  void anUploadLongAfterTheLastCountsOnlyWhileTheReplicaIsOurs() throws IOException {
    list(0);
    upload(1);
    times.nanoMillis += LATE;
    upload(2);
    assertThat(store.readCount).as("listing, and the late upload").isEqualTo(2);

    times.nanoMillis += LATE;
    somebodyTakesOver();

    assertThatThrownBy(() -> upload(3)).isInstanceOf(TakenOverException.class);
  }

  @Test
  void anyOfThreeClocksTellsThatItIsLate() throws IOException {
    list(0);
    upload(1);
    somebodyTakesOver();
    upload(2); // it is early: the name was never free for the other one

    times.storeMillis += LATE;
    assertThatThrownBy(() -> upload(3)).as("a resumed machine").isInstanceOf(IOException.class);
    times.storeMillis -= LATE;
    times.wallMillis += LATE;
    assertThatThrownBy(() -> upload(3)).as("a suspended one").isInstanceOf(IOException.class);
    times.wallMillis -= LATE;
    times.nanoMillis += LATE;
    assertThatThrownBy(() -> upload(3)).as("a clock set back").isInstanceOf(IOException.class);
  }

  @Test
  void howLongAnUploadTookCountsFromItsFirstTry() throws IOException {
    list(0);
    upload(1);
    fence.sending(store, file(2));
    times.nanoMillis += LATE - 1;
    upload(2);
    somebodyTakesOver();
    times.nanoMillis += 1;

    assertThatThrownBy(() -> upload(3)).isInstanceOf(TakenOverException.class);
  }

  @Test
  void aStoreThatTellsNoTimeIsAskedEachTime() throws IOException {
    times.storeMillis = ReplicaClient.NO_TIME;
    list(0);
    assertThatThrownBy(() -> upload(1)).isInstanceOf(OutdatedListingException.class);
    list(1);
    upload(1);
    int before = store.readCount;
    upload(2);

    assertThat(store.readCount).isEqualTo(before + 1);
  }

  @Test
  void aFirstUploadLongAfterTheListingIsOwnedAndListedAgain() throws IOException {
    list(0);
    times.wallMillis += LATE;

    assertThatThrownBy(() -> upload(1))
        .isInstanceOfSatisfying(
            OutdatedListingException.class, e -> assertThat(e.isNotFound()).isTrue());
    list(1);
    upload(1);

    assertThat(store.owner().owner().epoch()).as("claimed once").isEqualTo(1);
  }

  @Test
  void anOwnerThatWasThereAndIsGoneIsNotUs() throws IOException {
    list(0);
    upload(1);
    assertThat(folder.resolve("walsync/owner.json").toFile().delete()).isTrue();
    times.nanoMillis += LATE;

    assertThatThrownBy(() -> upload(2))
        .isInstanceOf(TakenOverException.class)
        .hasMessageContaining("was there and is gone")
        .satisfies(gone -> assertThat(((TakenOverException) gone).isOwnerGone()).isTrue());
  }

  @Test
  void aSnapshotCountsOnlyWhileTheReplicaIsOurs() throws IOException {
    list(0);
    upload(1);
    somebodyTakesOver();
    LtxFileInfo snapshot = new LtxFileInfo(9, Txid.FIRST, Txid.of(2), 100, 0);
    fence.sending(store, snapshot);

    assertThatThrownBy(() -> fence.stored(store, snapshot)).isInstanceOf(TakenOverException.class);
  }

  @Test
  void withoutTheRightToSayWhoOwnsItReplicationGoesOnAndItIsToldOnce() throws IOException {
    store.isForbidden = true;
    list(0);
    upload(1);
    assertThat(fence.takeObstacle()).hasMessage("forbidden");

    list(1);
    upload(2);

    assertThat(fence.takeObstacle()).isNull();
    assertThat(store.replaceCount).isZero();
    assertThat(fence.epoch()).isZero();
  }

  @Test
  void aFileBehindWhichOthersHaveGoneOnClaimsNothing() throws IOException {
    somebodyTakesOver();
    int before = store.replaceCount;
    list(9);

    upload(8);

    assertThat(store.replaceCount).isEqualTo(before);
  }
}

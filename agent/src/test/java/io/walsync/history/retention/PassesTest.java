package io.walsync.history.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.history.compaction.Past;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.ReplicaFiles;
import io.walsync.teststore.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who writes a replica deletes from it, each time what two looks have found needless. */
class PassesTest extends PruneSuite {

  private static final Policy HOUR = Policy.parse("1h every commit");

  private Passes passes = passes(HOUR);
  private String notOurs;

  private Passes passes(Policy policy) {
    return new Passes(policy, true, Prune.GRACE_MILLIS, clock);
  }

  private Pass next() throws IOException {
    return passes.next(replica, Prune.listing(replica), files -> notOurs, progress());
  }

  private void wait(int minutes) {
    pass(minutes * MINUTE);
    clock.pause(TimeUnit.MINUTES.toNanos(minutes));
  }

  @Override
  void live(int hours) throws IOException {
    super.live(hours);
    clock.pause(TimeUnit.HOURS.toNanos(hours));
  }

  private List<String> notes() throws IOException {
    return replica.notes().names("prunes/");
  }

  /** The first look of a new replica, which says by what promise it goes. */
  private void begin() throws IOException {
    next();
    assertThat(notes()).hasSize(1);
  }

  @Test
  void aSecondLookDeletesWhatTheFirstHasFound() throws IOException {
    begin();
    live(3);
    assertThat(next().leftCount()).isPositive();
    assertNothingDeleted();
    wait(10);
    Pass pass = next();
    assertThat(replica.deleted).hasSizeGreaterThan(300).containsExactlyElementsOf(told);
    assertThat(pass.leftCount()).isZero();
    assertThat(pass.isMoreThanFits()).isFalse();
    LtxFileInfo oldest =
        replica.list(9, Txid.FIRST, true).stream()
            .min((one, other) -> one.maxTxid().compareTo(other.maxTxid()))
            .orElseThrow();
    assertThat(pass.oldestMillis()).isEqualTo(oldest.createdMillis());
    for (long txid = past.txid - 360; txid <= past.txid; txid++) {
      assertState(txid);
    }
  }

  @Test
  void aLookThatIsYoungerThanTheGraceStaysTheFirst() throws IOException {
    begin();
    live(3);
    next();
    wait(6);
    next();
    assertNothingDeleted();
    wait(4);
    next();
    assertThat(told).isNotEmpty();
  }

  @Test
  void aWallClockThatLeapsIsNoGrace() throws IOException {
    begin();
    live(3);
    next();
    pass(TimeUnit.DAYS.toMillis(1));
    next();
    assertNothingDeleted();
  }

  @Test
  void aNewProcessBeginsWithAFirstLook() throws IOException {
    begin();
    live(3);
    next();
    wait(10);
    passes = passes(HOUR);
    next();
    assertNothingDeleted();
    wait(10);
    next();
    assertThat(told).isNotEmpty();
  }

  @Test
  void morePassesComeWhereOneIsNotEnough() throws IOException {
    begin();
    live(14);
    next();
    wait(10);
    assertThat(next().isMoreThanFits()).isFalse();
    assertThat(replica.deleted).hasSize(Passes.MOST_FILES);
    wait(10);
    next();
    assertThat(replica.deleted).hasSizeGreaterThan(Passes.MOST_FILES);
    for (long txid = past.txid - 360; txid <= past.txid; txid++) {
      assertState(txid);
    }
  }

  @Test
  void anotherPromiseByWhichMoreThanHalfWouldGoIsHeldForADay() throws IOException {
    live(5);
    Pass pass = next();
    assertThat(pass.heldUntilMillis()).isEqualTo(replica.storeMillis + Passes.HOLD_MILLIS);
    assertThat(pass.promisedCount()).isLessThan(pass.stateCount() / 2);
    for (int i = 0; i < 3; i++) {
      wait(60);
      assertThat(next().heldUntilMillis()).isEqualTo(pass.heldUntilMillis());
    }
    assertNothingDeleted();
    assertThat(notes()).hasSize(1);
    passes = passes(Policy.parse("4h every commit"));
    assertThat(next().heldUntilMillis()).as("mended").isEqualTo(Pass.NOT_HELD);
    passes = passes(HOUR);
    wait(24 * 60);
    long heldAgain = next().heldUntilMillis();
    assertThat(heldAgain).as("the note was replaced").isGreaterThan(replica.storeMillis);
    passes = passes(HOUR);
    wait(24 * 60);
    assertThat(next().heldUntilMillis()).isEqualTo(Pass.NOT_HELD);
    assertNothingDeleted();
    wait(10);
    next();
    assertThat(told).isNotEmpty();
    live(3);
    next();
    wait(10);
    next();
    assertThat(notes()).hasSize(1);
  }

  @Test
  void whatIsAnnouncedIsNoPromiseThatAPruneByHandHasGoneBy() throws IOException {
    live(5);
    assertThat(next().heldUntilMillis()).isPositive();
    assertThatThrownBy(() -> run(HOUR, false))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("fewer than half");
  }

  @Test
  void somebodyElsesReplicaIsLeftAlone() throws IOException {
    begin();
    live(3);
    next();
    wait(10);
    notOurs = "process 1 on host";
    assertThatThrownBy(this::next).hasMessageContaining("process 1 on host");
    assertNothingDeleted();
  }

  @Test
  void aDamagedPinOrNoteStopsEverything() throws IOException {
    begin();
    live(3);
    next();
    wait(10);
    replica.notes().create("pins/old.json", "{}".getBytes(UTF_8));
    assertThatThrownBy(this::next).hasMessageContaining("unpin");
    replica.notes().delete("pins/old.json");
    replica.notes().create("prunes/0000000000000009.json", "{}".getBytes(UTF_8));
    assertThatThrownBy(this::next).hasMessageContaining("does not say which files");
    assertNothingDeleted();
    replica.notes().delete("prunes/0000000000000009.json");
    next();
    assertThat(told).isNotEmpty();
  }

  @Test
  void whatWasPinnedSinceTheFirstLookStays() throws IOException {
    begin();
    live(3);
    next();
    new Pins(replica, clock).add("old", Txid.of(7), 1, new Proof(replica, restore()));
    wait(10);
    next();
    assertThat(told).isNotEmpty();
    assertState(7);
  }

  @Test
  void nothingIsWrittenWhereNothingIsToBeDeleted() throws IOException {
    passes = new Passes(HOUR, false, Prune.GRACE_MILLIS, clock);
    live(3);
    notOurs = "not asked";
    for (int i = 0; i < 2; i++) {
      Pass pass = next();
      assertThat(pass.leftCount()).isGreaterThan(300);
      assertThat(pass.leftBytes()).isPositive();
      wait(10);
    }
    assertThat(notes()).isEmpty();
    assertNothingDeleted();
  }

  /** A store that refuses each deletion. */
  private final class Locked extends PrunedReplica {
    int refusals;

    Locked() {
      super(new MemoryStore());
    }

    @Override
    public void delete(List<LtxFileInfo> files) throws IOException {
      if (refusals > 0) {
        refusals--;
        throw new ReplicaException("cannot delete: AccessDenied", true);
      }
      super.delete(files);
    }
  }

  @Test
  void whatTheStoreRefusesToDeleteIsNotGivenUp() throws IOException {
    Locked locked = new Locked();
    locked.storeMillis = replica.storeMillis;
    replica = locked;
    past = new Past(locked, new Random(1), 512);
    past.begin(4);
    begin();
    live(3);
    int before = ReplicaFiles.list(locked).size();
    next();
    wait(10);
    locked.refusals = 1;
    assertThatThrownBy(this::next).hasMessageContaining("AccessDenied");
    assertThat(ReplicaFiles.list(locked)).hasSize(before);
    new Pins(locked, clock).add("old", Txid.of(7), 1, new Proof(locked, restore()));
    assertState(7);
    next();
    assertState(7);
    assertThat(told).isNotEmpty();
    assertThat(notes()).hasSize(1);
  }
}

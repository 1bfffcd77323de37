package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.ltx.Txid;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** When nothing is deleted: somebody else is at it, it would go too far, or nobody can know. */
class PruneRefusedTest extends PruneSuite {

  @Test
  void moreThanHalfOfTheStatesGoOnlyByAPromiseThatTheLastPruneWentBy() throws IOException {
    live(6);
    assertThatThrownBy(() -> run(MINUTES, false))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("of 2161 states that can be restored,")
        .hasMessageContaining("fewer than half");
    assertNothingDeleted();
    assertThat(waits).isEmpty();
    run(MINUTES, true);
    live(6);
    run(MINUTES, false);
    live(6);
    int before = told.size();
    assertThatThrownBy(() -> run(Policy.parse("1s every 1s"), false))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no prune has gone by \"1s every 1s\" last");
    assertThat(told).hasSize(before);
  }

  @Test
  void nothingIsDeletedWhileSomebodyWrites() throws IOException {
    live(2);
    alive = "process 7 on web-1";
    assertThatThrownBy(() -> run(MINUTES, true)).hasMessageContaining("is in use: process 7");
    alive = null;
    meanwhile = () -> alive = "process 8 on web-2";
    assertThatThrownBy(() -> run(MINUTES, true)).hasMessageContaining("is in use: process 8");
    assertNothingDeleted();
  }

  @Test
  void aNewOwnerStopsIt() throws IOException {
    live(2);
    meanwhile = () -> replica.owner = new OwnerObject(new Owner(1, "a", "web-1", "7", 1), "tag");
    assertThatThrownBy(() -> run(MINUTES, true)).hasMessageContaining("has a new owner");
    assertNothingDeleted();
  }

  @Test
  void aPinThatIsMadeWhileItWaitsIsKept() throws IOException {
    live(3);
    long pinned = 77;
    meanwhile =
        () ->
            unchecked(
                () ->
                    new Pins(replica, clock)
                        .add("before-v2", Txid.of(pinned), 1, new Proof(replica, restore())));
    run(MINUTES, true);
    assertThat(told).isNotEmpty();
    assertState(pinned);
    assertThat(new Pins(replica, clock).list())
        .singleElement()
        .satisfies(pin -> assertThat(pin.txid()).isEqualTo(Txid.of(pinned)));
    assertThat(new Pins(replica, clock).remove("before-v2")).isTrue();
    assertThat(new Pins(replica, clock).remove("before-v2")).isFalse();
    live(1);
    run(MINUTES, true);
    assertThatThrownBy(() -> assertState(pinned)).hasMessageContaining("is not available");
  }

  @Test
  void anUnreadableNoteStopsIt() throws IOException {
    live(2);
    byte[] odd = "{}".getBytes(StandardCharsets.UTF_8);
    replica.notes().create("prunes/0000000000000003.json", odd);
    assertThatThrownBy(() -> run(MINUTES, true))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining("does not say which files are about to be deleted");
    assertNothingDeleted();
  }

  @Test
  void whatIsNeedlessOnlyAtTheSecondLookStays() throws IOException {
    live(1);
    Prune prune = prune(MINUTES);
    PrunePlan first = prune.plan();
    meanwhile = () -> unchecked(() -> live(3));
    PrunePlan second = prune.run(first, true, progress());
    assertThat(second.keepSet().gone().size()).isGreaterThan(first.keepSet().gone().size());
    assertThat(replica.deleted).isEqualTo(first.keepSet().gone());
  }
}

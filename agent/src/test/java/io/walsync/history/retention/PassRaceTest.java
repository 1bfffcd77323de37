package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The same, where who deletes is who writes: a writer sleeps before any request of its passes, in
 * which others make passes of their own, take over, merge, snapshot and pin.
 */
class PassRaceTest extends PruneRaceTest {

  @Override
  int firstRequest() {
    return 0;
  }

  /** One process, which begins with a first look. */
  private final class Writer {
    private final Passes passes = new Passes(KEPT, true, Prune.GRACE_MILLIS, clock);
    private final OwnerObject own = replica.owner;

    Pass next() throws IOException {
      return passes.next(replica, Prune.listing(replica), files -> alive(), progress());
    }

    private String alive() throws IOException {
      OwnerObject found = replica.owner();
      return found.equals(own) ? null : found.owner().describe();
    }

    /** Until nothing is held back. */
    void look() throws IOException {
      while (next().heldUntilMillis() != Pass.NOT_HELD) {
        pass(Passes.HOLD_MILLIS);
      }
      clock.pause(TimeUnit.MILLISECONDS.toNanos(Prune.GRACE_MILLIS));
    }
  }

  @Override
  void pruneOnce() throws IOException {
    Writer writer = new Writer();
    writer.look();
    writer.next();
  }

  private void takeOver() throws IOException {
    past.epoch++;
    Owner next = new Owner(past.epoch, "another", "host", "1", replica.storeMillis);
    replica.owner = new OwnerObject(next, "tag " + past.epoch);
    past.fence();
  }

  @Test
  void aTakeover() throws IOException {
    assertThat(beforeEachRequest(this::takeOver)).isGreaterThan(50);
  }

  @Test
  void aTakeoverAndAPassOfTheSuccessor() throws IOException {
    beforeEachRequest(
        () -> {
          takeOver();
          goOn();
          pruneOnce();
        });
  }

  @Test
  void aSuccessorWhoLivesForLong() throws IOException {
    beforeEachRequest(
        () -> {
          takeOver();
          for (int i = 0; i < 3; i++) {
            goOn();
            lateSnapshot();
            pruneOnce();
          }
        });
  }

  @Test
  void nothingIsDeletedOnceSomebodyElseOwnsIt() throws IOException {
    live();
    Writer writer = new Writer();
    writer.look();
    takeOver();
    assertThatThrownBy(writer::next).isInstanceOf(RefusedException.class);
    assertNothingDeleted();
  }
}

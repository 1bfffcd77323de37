package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {

  private final Patience patience = new Patience();

  @Test
  void waitsLongerAfterThreadsLeftBeforeThePassWasOver() {
    patience.overtaken(false, true);
    patience.overtaken(false, true);
    assertThat(patience.waitNanos()).isEqualTo(4 * Patience.LEAST_NANOS);
    assertThat(patience.passNanos()).isEqualTo(2 * Patience.LEAST_NANOS);
    assertThat(patience.isOver()).isFalse();
  }

  @Test
  void whatWasLearntStaysAfterACheckpointThatReachedTheEnd() {
    patience.overtaken(false, true);
    patience.reached();
    assertThat(patience.waitNanos()).isEqualTo(2 * Patience.LEAST_NANOS);
  }

  @Test
  void waitsLongerForATransactionThatCommitsBehindThePassesAndNeverTakesTheLock() {
    patience.overtaken(false, false);
    assertThat(patience.waitNanos()).isEqualTo(2 * Patience.LEAST_NANOS);
    for (int i = 0; i < 20; i++) {
      patience.overtaken(false, false);
    }
    assertThat(patience.waitNanos()).isEqualTo(800_000_000);
    assertThat(patience.isOver()).isFalse();
  }

  @Test
  void isOverOnceOthersOvertakeTimeAfterTime() {
    for (int i = 0; i < 5; i++) {
      assertThat(patience.isOver()).isFalse();
      patience.overtaken(true, false);
    }
    assertThat(patience.waitNanos()).isEqualTo(Patience.LEAST_NANOS);
    assertThat(patience.isOver()).isTrue();
    patience.reached();
    assertThat(patience.isOver()).isFalse();
  }

  @Test
  void waitsNoLongerThanItsMostAndIsOverThenToo() {
    for (int i = 0; i < 20; i++) {
      patience.overtaken(false, true);
    }
    assertThat(patience.waitNanos()).isEqualTo(Patience.MOST_NANOS);
    assertThat(patience.isOver()).isTrue();
  }
}

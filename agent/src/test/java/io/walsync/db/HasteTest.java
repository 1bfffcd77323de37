package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HasteTest {

  private final Haste haste = new Haste();

  @Test
  void nobodyWaitsBeforeSomebodyAsks() {
    haste.turnBegins();
    haste.found(false, true, 5, 4);
    assertThat(haste.isWanted()).isFalse();
  }

  @Test
  void aTurnThatBeganBeforeTheRequestDoesNotCount() {
    haste.turnBegins();
    haste.begin();
    haste.found(true, true, 4, 4);
    assertThat(haste.isWanted()).isTrue();
    haste.turnBegins();
    haste.found(true, true, 4, 4);
    assertThat(haste.isWanted()).isFalse();
  }

  @Test
  void aWriterThatNeverPausesIsNotWaitedFor() {
    haste.begin();
    haste.turnBegins();
    haste.found(false, true, 5, 4);
    haste.turnBegins();
    haste.found(false, true, 6, 4);
    assertThat(haste.isWanted()).isTrue();
    haste.turnBegins();
    haste.found(false, true, 7, 5);
    assertThat(haste.isWanted()).isFalse();
  }

  @Test
  void aTurnThatHasNotLookedSaysNothing() {
    haste.begin();
    haste.turnBegins();
    haste.found(false, false, 3, 3);
    assertThat(haste.isWanted()).isTrue();
  }

  @Test
  void aSecondRequestMeansWhatIsCommittedByThen() {
    haste.begin();
    haste.turnBegins();
    haste.found(false, true, 5, 4);
    haste.begin();
    haste.turnBegins();
    haste.found(false, true, 6, 5);
    assertThat(haste.isWanted()).isTrue();
    haste.found(false, true, 7, 6);
    assertThat(haste.isWanted()).isFalse();
  }
}

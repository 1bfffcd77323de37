package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdlenessTest {

  private static final long FIRST = 100;

  private final Idleness idleness = new Idleness(FIRST);
  private long now = 1_000;

  @Test
  void theFirstRestComesSoon() {
    assertThat(idleness.isLongEnough(now - FIRST, now)).isFalse();
    assertThat(idleness.isLongEnough(now - FIRST - 1, now)).isTrue();
  }

  @Test
  void shortRestsComeLaterEachTimeUpToABound() {
    for (int i = 0; i < 5; i++) {
      rest(10);
      assertThat(idleness.isLongEnough(now - (FIRST << i + 1), now)).isFalse();
    }
    rest(10);
    rest(10);
    assertThat(idleness.isLongEnough(now - (FIRST << 5) - 1, now)).isTrue();
  }

  @Test
  void aLongRestMakesTheNextComeSoonAgain() {
    rest(10);
    rest(FIRST * 15 + 1);
    assertThat(idleness.isLongEnough(now - FIRST - 1, now)).isTrue();
  }

  private void rest(long nanos) {
    idleness.note(true, now);
    now += nanos;
    idleness.note(false, now);
  }
}

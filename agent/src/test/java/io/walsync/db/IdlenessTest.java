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
    for (int i = 0; i < 8; i++) {
      rest(10);
      assertThat(idleness.isLongEnough(now - (FIRST << i + 1), now)).isFalse();
    }
    rest(10);
    rest(10);
    assertThat(idleness.isLongEnough(now - (FIRST << 8) - 1, now)).isTrue();
  }

  @Test
  void aLongRestMakesTheNextComeSoonAgain() {
    rest(10);
    rest(FIRST * 90 + 1);
    assertThat(idleness.isLongEnough(now - FIRST - 1, now)).isTrue();
  }

  @Test
  void theNextTurnIsWhenTheRestIsDue() {
    long wait = idleness.waitNanos(now - 40, now);
    assertThat(idleness.isLongEnough(now - 40, now + wait - 1)).isFalse();
    assertThat(idleness.isLongEnough(now - 40, now + wait)).isTrue();
    assertThat(idleness.waitNanos(now - 40, now + wait)).isEqualTo(Timetable.POLL_NANOS);
  }

  private void rest(long nanos) {
    idleness.note(true, now);
    now += nanos;
    idleness.note(false, now);
  }
}

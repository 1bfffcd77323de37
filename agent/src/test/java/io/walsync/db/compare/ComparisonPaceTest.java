package io.walsync.db.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.teststore.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComparisonPaceTest {

  private boolean isUrgent;
  private final ManualClock clock = new ManualClock();
  private final ComparisonPace pace = new ComparisonPace(() -> isUrgent, clock);

  @BeforeEach
  void shortBeforeItsNumbersRunOver() {
    clock.passNanos(Long.MAX_VALUE - 1000 - clock.nanoTime());
  }

  private void compare(long nanos) throws ComparisonPostponedException {
    pace.begin();
    clock.passNanos(nanos);
    pace.end();
  }

  @Test
  void theFirstComparisonIsMadeAtOnce() throws Exception {
    compare(100);
    assertThat(pace.isOwed()).isFalse();
  }

  @Test
  void theNextWaitsFourTimesAsLongAsTheLastTook() throws Exception {
    compare(100);
    clock.passNanos(150);
    assertThatThrownBy(() -> pace.begin())
        .isInstanceOfSatisfying(
            ComparisonPostponedException.class, e -> assertThat(e.waitNanos()).isEqualTo(250));
    assertThat(pace.isOwed()).isTrue();
    clock.passNanos(250);
    compare(100);
    pace.caughtUp();
    assertThat(pace.isOwed()).isFalse();
  }

  @Test
  void itNeverWaitsLongerThanTenSeconds() throws Exception {
    compare(Duration.ofMinutes(1).toNanos());
    clock.pass(Duration.ofSeconds(10));
    compare(100);
  }

  @Test
  void atTheEndOfTheProcessItDoesNotWait() throws Exception {
    compare(100);
    isUrgent = true;
    compare(100);
  }
}

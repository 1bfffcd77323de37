package io.walsync.db.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ComparisonPaceTest {

  private boolean isUrgent;
  private final ComparisonPace pace = new ComparisonPace(() -> isUrgent);
  private long now = Long.MAX_VALUE - 1000;

  private void compare(long nanos) throws ComparisonPostponedException {
    pace.begin(now);
    now += nanos;
    pace.end(now);
  }

  @Test
  void theFirstComparisonIsMadeAtOnce() throws Exception {
    compare(100);
    assertThat(pace.isOwed()).isFalse();
  }

  @Test
  void theNextWaitsFourTimesAsLongAsTheLastTook() throws Exception {
    compare(100);
    now += 150;
    assertThatThrownBy(() -> pace.begin(now))
        .isInstanceOfSatisfying(
            ComparisonPostponedException.class, e -> assertThat(e.waitNanos()).isEqualTo(250));
    assertThat(pace.isOwed()).isTrue();
    now += 250;
    compare(100);
    pace.caughtUp();
    assertThat(pace.isOwed()).isFalse();
  }

  @Test
  void itNeverWaitsLongerThanTenSeconds() throws Exception {
    compare(TimeUnit.MINUTES.toNanos(1));
    now += TimeUnit.SECONDS.toNanos(10);
    compare(100);
  }

  @Test
  void atTheEndOfTheProcessItDoesNotWait() throws Exception {
    compare(100);
    isUrgent = true;
    compare(100);
  }
}

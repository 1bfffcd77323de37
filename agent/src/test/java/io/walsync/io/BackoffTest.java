package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final long SEED = 20_261_123;

  private final Backoff backoff = new Backoff(200, 15_000, new Random(SEED));

  @Test
  void waitsDoubleFromTheFloorToTheCap() {
    long bound = 200;
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.nextMillis()).as("seed %d, wait %d", SEED, i).isBetween(bound / 2, bound);
      bound = Math.min(15_000, 2 * bound);
    }
    backoff.reset();

    assertThat(backoff.nextMillis()).isBetween(100L, 200L);
  }

  @Test
  void aCapOfItsOwnHoldsForOneWait() {
    for (int i = 0; i < 20; i++) {
      backoff.nextMillis(1_000);
    }

    assertThat(backoff.nextMillis(1_000)).isBetween(500L, 1_000L);
    assertThat(backoff.nextMillis(1_000_000)).isBetween(7_500L, 15_000L);
  }
}

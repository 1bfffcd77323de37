package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnstileTest {

  private static final long LONG_NANOS = 60_000_000_000L;

  private final Turnstile turnstile = new Turnstile();

  @Test
  void nobodyWaitsWhileItIsOpen() {
    turnstile.pass();
    assertThat(turnstile.open()).isFalse();
  }

  @Test
  void whoHasWaitedAsLongAsItWasClosedForLeaves() {
    turnstile.close(1);
    turnstile.pass();
    assertThat(turnstile.open()).isTrue();
  }

  @Test
  void whoWaitsAsItOpensHasNotLeftBefore() throws Exception {
    turnstile.close(LONG_NANOS);
    Thread committing = new Thread(turnstile::pass);
    committing.start();
    while (committing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(turnstile.open()).isFalse();
    committing.join();
  }

  @Test
  void anInterruptedThreadWaitsOnAndStaysInterrupted() throws Exception {
    turnstile.close(LONG_NANOS);
    boolean[] isInterrupted = new boolean[1];
    Thread committing =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              turnstile.pass();
              isInterrupted[0] = Thread.currentThread().isInterrupted();
            });
    committing.start();
    while (committing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(turnstile.open()).isFalse();
    committing.join();
    assertThat(isInterrupted[0]).isTrue();
  }

  @Test
  void whatWasLeftOnceIsForgottenAsItClosesAgain() {
    turnstile.close(1);
    turnstile.pass();
    turnstile.open();
    turnstile.close(LONG_NANOS);
    assertThat(turnstile.open()).isFalse();
  }
}

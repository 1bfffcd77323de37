package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OpeningsTest {

  private final Openings openings = new Openings();

  @Test
  void nothingIsClosedWhereOpensAreNotTold() {
    assertThat(openings.closeBetween(begin -> begin.getAsBoolean())).isFalse();
    openings.areTold(() -> false);
    assertThat(openings.closeBetween(begin -> begin.getAsBoolean())).isFalse();
    openings.areTold(() -> true);
    assertThat(openings.closeBetween(begin -> begin.getAsBoolean())).isTrue();
  }

  @Test
  void nothingIsClosedWhileSomebodyOpens() {
    openings.areTold(() -> true);
    openings.accept(1);
    assertThat(openings.closeBetween(begin -> begin.getAsBoolean())).isFalse();
    openings.accept(-1);
    assertThat(openings.closeBetween(begin -> begin.getAsBoolean())).isTrue();
  }

  @Test
  void whoOpensBeforeTheSystemCallGoesFirst() {
    openings.areTold(() -> true);
    boolean isClosed =
        openings.closeBetween(
            begin -> {
              openings.accept(1);
              return begin.getAsBoolean();
            });
    assertThat(isClosed).isFalse();
    openings.accept(-1);
  }

  @Test
  void whoOpensDuringTheSystemCallWaitsForItsEnd() throws Exception {
    openings.areTold(() -> true);
    CountDownLatch isClosing = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread closer =
        new Thread(
            () ->
                openings.closeBetween(
                    begin -> {
                      boolean hasBegun = begin.getAsBoolean();
                      isClosing.countDown();
                      try {
                        mayEnd.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return hasBegun;
                    }));
    closer.start();
    isClosing.await();
    AtomicBoolean isIn = new AtomicBoolean();
    Thread opener =
        new Thread(
            () -> {
              openings.accept(1);
              isIn.set(true);
            });
    opener.start();
    await().until(() -> opener.getState() == Thread.State.TIMED_WAITING);
    assertThat(isIn).isFalse();
    mayEnd.countDown();
    opener.join();
    closer.join();
    assertThat(isIn).isTrue();
  }
}

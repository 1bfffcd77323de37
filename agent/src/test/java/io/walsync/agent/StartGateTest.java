package io.walsync.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StartGateTest {

  private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final StartGate gate = new StartGate();

  @Test
  void aConnectionOpensItAMomentLater() {
    long before = System.nanoTime();
    gate.opened();
    gate.await();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(DELAY_NANOS);
  }

  @Test
  void laterConnectionsDoNotPutItOff() throws Exception {
    CompletableFuture<Void> opened = CompletableFuture.runAsync(gate::await);
    while (!opened.isDone()) {
      gate.opened();
      Thread.onSpinWait();
    }
    opened.get();
  }

  @Test
  void whoeverWaitsForTheAgentOpensItAtOnce() {
    gate.opened();
    assertThat(gate.hurry()).isTrue();
    gate.await();
  }

  @Test
  void withoutAnyConnectionThereIsNothingToHurryFor() {
    assertThat(gate.hurry()).isFalse();
  }

  @Test
  void itOpensWithoutAnyConnectionToo() {
    gate.await();
  }
}

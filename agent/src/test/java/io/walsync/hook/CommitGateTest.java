package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommitGateTest {

  private static final long DONE = 101;
  private static final long INSERT = 7;
  private static final long SELECT = 8;

  private final ConnectionHook hook = new ConnectionHook(this, "a.db", other -> {});

  @AfterEach
  void open() {
    CommitGate.open();
  }

  /** Runs a step, and returns whether it went through before the gate's time was over. */
  private boolean isLetThrough(long statement) throws InterruptedException {
    Thread thread = new Thread(() -> hook.accept(statement));
    thread.start();
    while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    boolean isThrough = !thread.isAlive();
    CommitGate.open();
    thread.interrupt();
    thread.join();
    return isThrough;
  }

  private static long later() {
    return System.nanoTime() + TimeUnit.HOURS.toNanos(1);
  }

  private void prepare() {
    hook.accept("INSERT INTO t VALUES(1)", INSERT);
    hook.accept("SELECT * FROM t", SELECT);
  }

  @Test
  void whatBeginsATransactionWaitsAndWhatReadsDoesNot() throws InterruptedException {
    prepare();
    CommitGate.closeToNew(later());
    assertThat(isLetThrough(INSERT)).isFalse();
    CommitGate.closeToNew(later());
    assertThat(isLetThrough(SELECT)).isTrue();
  }

  @Test
  void aTransactionThatHasBegunGoesOnUntilTheVeryEnd() throws InterruptedException {
    prepare();
    hook.accept((Object) "BEGIN");
    hook.accept("BEGIN", 0);
    CommitGate.closeToNew(later());
    assertThat(isLetThrough(INSERT)).isTrue();
    CommitGate.closeToNew(later());
    CommitGate.close();
    assertThat(isLetThrough(INSERT)).isFalse();
  }

  @Test
  void nobodyWaitsLongerThanTheProcessMayLive() {
    prepare();
    CommitGate.closeToNew(System.nanoTime());
    hook.accept(INSERT);
    assertThat(hook.main().isInStatement()).isTrue();
  }

  @Test
  void aStatementIsRunningFromItsStepToItsEnd() {
    prepare();
    hook.accept(INSERT);
    assertThat(hook.main().isInStatement()).isTrue();
    hook.applyAsLong(INSERT, DONE);
    assertThat(hook.main().isInStatement()).isFalse();
    hook.accept(SELECT);
    assertThat(hook.main().isInStatement()).isFalse();
    hook.accept((Object) "UPDATE t SET a = 1");
    assertThat(hook.main().isInStatement()).isTrue();
    hook.accept("UPDATE t SET a = 1", 0);
    assertThat(hook.main().isInStatement()).isFalse();
  }
}

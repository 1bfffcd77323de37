package io.walsync.agent;

import io.walsync.hook.ConnectionRegistry;
import io.walsync.io.AgentThread;
import io.walsync.io.AgentThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Looks now and then at what the bridge had to keep to itself: connections whose open our hook did
 * not survive, at the end of the application's stack or memory, which are taken in afterwards; and
 * whether it has given up, which is told.
 *
 * <p>Threading: one capture thread at a time.
 */
final class BridgeWatch implements Runnable {

  /** As often as the databases are looked at for commits that no hook saw. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static volatile Supplier<Object[]> missed = () -> new Object[0];
  private static volatile BooleanSupplier isDisarmed = () -> false;

  private final AgentThreads threads;
  private final ConnectionRegistry connections;
  private final Logger log;
  private boolean isTold;

  BridgeWatch(AgentThreads threads, ConnectionRegistry connections, Logger log) {
    this.threads = threads;
    this.connections = connections;
    this.log = log;
  }

  static void of(Supplier<Object[]> bridgeMissed, BooleanSupplier bridgeIsDisarmed) {
    missed = bridgeMissed;
    isDisarmed = bridgeIsDisarmed;
  }

  @Override
  public void run() {
    try {
      Object[] nativeDbs = missed.get();
      if (nativeDbs.length > 0) {
        // A thread of its own: it may wait for a statement of the application's to end.
        AgentThread.of(() -> takeIn(nativeDbs), "walsync-takein").start();
      }
      if (!isTold && isDisarmed.getAsBoolean()) {
        isTold = true;
        log.error(
            "the agent failed too often on the application's threads and does nothing there any more:"
                + " commits to databases that are open are still found once a second, databases that"
                + " are opened from now on are not replicated until the application is restarted");
      }
    } finally {
      threads.runAfter(LOOK_NANOS, this);
    }
  }

  private void takeIn(Object[] nativeDbs) {
    for (Object nativeDb : nativeDbs) {
      connections.takeIn(nativeDb);
    }
  }
}

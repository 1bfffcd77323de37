package io.walsync.agent;

import io.walsync.config.LogLevel;
import io.walsync.hook.ConnectionRegistry;
import io.walsync.io.AgentThread;
import io.walsync.io.AgentThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Asks the bridge once a second for connections that got no hook, because the application's stack
 * or memory was full at their open, and takes them in. Also reports it if the bridge has disarmed
 * itself.
 *
 * <p>Threading: one capture thread at a time.
 */
final class BridgeWatch implements Runnable {

  /** The same interval at which databases are looked at for commits that no hook saw. */
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
      takeInMissed(connections);
      if (!isTold && isDisarmed.getAsBoolean()) {
        isTold = true;
        log.error(
            "the agent failed too often on the application's threads and does nothing there any"
                + " more: commits to databases that are open are still found once a second,"
                + " databases that are opened from now on are not replicated until the application"
                + " is restarted");
      }
    } finally {
      threads.runAfter(LOOK_NANOS, this);
    }
  }

  /**
   * Takes in what was missed so far.
   *
   * @return the thread that does it, of its own since it may wait for a statement of the
   *     application's to end; null if nothing was missed
   */
  static @Nullable Thread takeInMissed(ConnectionRegistry connections) {
    Object[] nativeDbs = missed.get();
    if (nativeDbs.length == 0) {
      return null;
    }
    Thread thread = AgentThread.of(() -> takeIn(nativeDbs, connections), "walsync-takein");
    thread.start();
    return thread;
  }

  private static void takeIn(Object[] nativeDbs, ConnectionRegistry connections) {
    boolean isOneLost = false;
    for (Object nativeDb : nativeDbs) {
      if (nativeDb == null) {
        isOneLost = true;
      } else {
        connections.takeIn(nativeDb);
      }
    }
    if (isOneLost) {
      AgentLog.start(LogLevel.INFO)
          .error(
              "the application ran out of memory as it opened a database, and the agent could not"
                  + " note which: what is committed through that connection is not seen until it is"
                  + " closed, or another is opened to the same database");
    }
  }
}

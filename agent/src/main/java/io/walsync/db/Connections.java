package io.walsync.db;

import io.walsync.hook.ConnectionHook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The application's connections to one database, and the application threads that wait for the
 * agent to get out of the way.
 *
 * <p>Threading: safe; application threads and the database's own meet here.
 */
final class Connections {

  /**
   * How long an application thread waits for the tail to be copied before it goes on regardless.
   */
  private static final long LET_GO_WAIT_MILLIS = 1000;

  private final Set<ConnectionHook> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<ConnectionHook> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<CountDownLatch> waiting = new ArrayList<>();
  private int exclusiveCount;
  private long openedCount;

  synchronized void add(ConnectionHook connection) {
    open.add(connection);
    openedCount++;
  }

  /** How many connections have been opened so far. */
  synchronized long openedCount() {
    return openedCount;
  }

  synchronized List<ConnectionHook> all() {
    return new ArrayList<>(open);
  }

  /** The copies of the driver through which the database is open, by identity. */
  synchronized Set<ClassLoader> driverLoaders() {
    Set<ClassLoader> loaders = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ConnectionHook connection : open) {
      if (!connection.isLost()) {
        loaders.add(connection.driverLoader());
      }
    }
    return loaders;
  }

  /**
   * Forgets connections that the application dropped without closing them (the native ones stay as
   * they are), and those whose close did not get here.
   *
   * @return whether there were any
   */
  synchronized boolean forgetLost() {
    leaving.removeIf(ConnectionHook::isClosed);
    return open.removeIf(ConnectionHook::isClosed);
  }

  /** Whether a connection is open that is not about to close. */
  synchronized boolean isAnyStaying() {
    return open.size() > leaving.size();
  }

  synchronized boolean isAnyOpen() {
    return !open.isEmpty();
  }

  /** Whether the application is doing something the agent would be in the way of. */
  synchronized boolean isExclusive() {
    return exclusiveCount > 0;
  }

  /**
   * Notes that a connection wants the agent gone.
   *
   * @return what to wait for, or null if the agent is not in the way: other connections stay open
   */
  synchronized CountDownLatch leave(ConnectionHook connection, boolean isClosing) {
    if (isClosing) {
      leaving.add(connection);
      if (isAnyStaying()) {
        return null;
      }
    } else {
      exclusiveCount++;
    }
    CountDownLatch latch = new CountDownLatch(1);
    waiting.add(latch);
    return latch;
  }

  static void await(CountDownLatch letGo) {
    try {
      letGo.await(LET_GO_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A connection that was to leave does not. */
  synchronized void stays(ConnectionHook connection) {
    leaving.remove(connection);
  }

  synchronized void exclusiveEnded() {
    exclusiveCount = Math.max(0, exclusiveCount - 1);
  }

  /**
   * A connection is gone.
   *
   * @return if it was the last, what to wait for until the agent has seen what the close left
   *     behind
   */
  synchronized CountDownLatch closed(ConnectionHook connection) {
    leaving.remove(connection);
    if (!open.remove(connection) || !open.isEmpty()) {
      return null;
    }
    CountDownLatch settled = new CountDownLatch(1);
    waiting.add(settled);
    return settled;
  }

  /** Those who wait now; who comes later waits for the next turn. */
  synchronized List<CountDownLatch> takeWaiting() {
    List<CountDownLatch> taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }
}

package io.walsync.hook;

import java.util.concurrent.locks.LockSupport;

/**
 * Closed at the moment when the JVM would halt without the agent. The application's remaining
 * threads, which would not exist any more, wait before the next statement that may commit, until
 * the halt ends them. Otherwise their commits would be missing in the store.
 *
 * <p>First only threads outside a transaction wait, so that a transaction which has begun can end
 * and release its lock. At the very end all wait.
 *
 * <p>Threading: safe. Open, it costs a volatile read.
 */
public final class CommitGate {

  private static final int OPEN = 0;
  private static final int CLOSED_TO_NEW = 1;
  private static final int CLOSED = 2;

  private static volatile int state;

  /** The latest time of the halt. A wait ends then, whatever has happened. */
  private static volatile long endNanos;

  private CommitGate() {}

  /** Has threads wait that would begin a transaction. */
  public static void closeToNew(long untilNanos) {
    endNanos = untilNanos;
    state = CLOSED_TO_NEW;
  }

  /** Has all threads wait that may write. */
  public static void close() {
    state = CLOSED;
  }

  /** Opens the gate. */
  static void open() {
    state = OPEN;
  }

  static boolean isOpen() {
    return state == OPEN;
  }

  /**
   * Called before a statement that may commit; waits if the gate is closed.
   *
   * @param isFirst whether it would begin a transaction
   */
  static void pass(boolean isFirst) {
    boolean isInterrupted = false;
    while (state == CLOSED || state == CLOSED_TO_NEW && isFirst) {
      long left = endNanos - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(left);
      isInterrupted |= Thread.interrupted();
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

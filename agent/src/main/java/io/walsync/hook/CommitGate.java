package io.walsync.hook;

import java.util.concurrent.locks.LockSupport;

/**
 * Closed when the JVM would halt if the agent were not there: what the application's remaining
 * threads, which would be gone by then, committed from now on would be missing in the store. They
 * wait before the next statement that may commit, until the halt ends them.
 *
 * <p>First those outside a transaction, so that one that has begun gives its lock back; at the very
 * end all.
 *
 * <p>Threading: safe. Open, it costs a volatile read.
 */
public final class CommitGate {

  private static final int OPEN = 0;
  private static final int CLOSED_TO_NEW = 1;
  private static final int CLOSED = 2;

  private static volatile int state;

  /** When the JVM has halted at the latest; a wait is over then, whatever has happened. */
  private static volatile long endNanos;

  private CommitGate() {}

  /** No transaction begins any more. */
  public static void closeToNew(long untilNanos) {
    endNanos = untilNanos;
    state = CLOSED_TO_NEW;
  }

  /** Nothing is written any more. */
  public static void close() {
    state = CLOSED;
  }

  /** As when nothing has ended yet. */
  static void open() {
    state = OPEN;
  }

  static boolean isOpen() {
    return state == OPEN;
  }

  /**
   * A statement that may commit is about to run.
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

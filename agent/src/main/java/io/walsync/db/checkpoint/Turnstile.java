package io.walsync.db.checkpoint;

/**
 * Holds back threads that have just committed, so that a checkpoint can reach the end of the WAL.
 * They hold no SQLite lock there, and wait no longer than it was closed for, whatever happens.
 *
 * <p>Threading: safe. Open, it costs a volatile read.
 */
public final class Turnstile {

  private volatile boolean isClosed;
  private final Object monitor = new Object();

  // Guarded by the monitor.
  private long waitNanos;
  private int arrivalCount;
  private boolean hasAnyoneLeft;

  /** Called by committing threads: returns at once while open. */
  public void pass() {
    if (isClosed) {
      waitUntilOpen();
    }
  }

  private void waitUntilOpen() {
    long start = System.nanoTime();
    boolean isInterrupted = false;
    synchronized (monitor) {
      arrivalCount++;
      while (isClosed) {
        long left = waitNanos - (System.nanoTime() - start);
        if (left <= 0) {
          hasAnyoneLeft = true;
          break;
        }
        try {
          monitor.wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads that commit from now on wait so long, nanoseconds, or until it opens. */
  void close(long maxWaitNanos) {
    synchronized (monitor) {
      waitNanos = maxWaitNanos;
      arrivalCount = 0;
      hasAnyoneLeft = false;
      isClosed = true;
    }
  }

  /** How often a thread of the application's has come since it closed, after a commit each time. */
  int arrivalCount() {
    synchronized (monitor) {
      return arrivalCount;
    }
  }

  /** Returns whether a thread has waited as long as it may, and left before now. */
  boolean open() {
    synchronized (monitor) {
      isClosed = false;
      monitor.notifyAll();
      return hasAnyoneLeft;
    }
  }
}

package io.walsync.db.checkpoint;

/**
 * Holds back threads that have just committed, so that a checkpoint can reach the end of the WAL.
 * They hold no lock of SQLite there, and wait no longer than {@link #close} has set, whatever
 * happens.
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

  /** Has threads that commit from now on wait until it opens, at most {@code maxWaitNanos}. */
  void close(long maxWaitNanos) {
    synchronized (monitor) {
      waitNanos = maxWaitNanos;
      arrivalCount = 0;
      hasAnyoneLeft = false;
      isClosed = true;
    }
  }

  /**
   * How often a thread of the application has arrived since it closed, each time after a commit.
   */
  int arrivalCount() {
    synchronized (monitor) {
      return arrivalCount;
    }
  }

  /** Opens it; returns whether a thread has waited its longest time and left before this call. */
  boolean open() {
    synchronized (monitor) {
      isClosed = false;
      monitor.notifyAll();
      return hasAnyoneLeft;
    }
  }
}

package io.walsync.checkpoint;

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
  private boolean hasAnyoneCome;
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
      hasAnyoneCome = true;
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
      hasAnyoneCome = false;
      hasAnyoneLeft = false;
      isClosed = true;
    }
  }

  /** Whether a thread of the application's has committed since it closed. */
  boolean hasAnyoneCome() {
    synchronized (monitor) {
      return hasAnyoneCome;
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

package io.walsync.checkpoint;

/**
 * Holds back threads that have just committed, so that a checkpoint can reach the end of the WAL.
 * They hold no SQLite lock there, and wait no longer than {@link #MAX_WAIT_NANOS} whatever happens.
 *
 * <p>Threading: safe. Open, it costs a volatile read.
 */
public final class Turnstile {

  /** SQLite's own autocheckpoint stalls a writer about as long. */
  static final long MAX_WAIT_NANOS = 50_000_000;

  private volatile boolean isClosed;
  private final Object monitor = new Object();

  /** Called by committing threads: returns at once while open. */
  public void pass() {
    if (isClosed) {
      waitUntilOpen();
    }
  }

  private void waitUntilOpen() {
    long deadline = System.nanoTime() + MAX_WAIT_NANOS;
    boolean isInterrupted = false;
    synchronized (monitor) {
      while (isClosed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
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

  void close() {
    isClosed = true;
  }

  void open() {
    isClosed = false;
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }
}

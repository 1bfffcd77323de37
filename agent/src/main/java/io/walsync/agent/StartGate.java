package io.walsync.agent;

import java.util.concurrent.TimeUnit;

/**
 * Decides when the agent begins to work. Everything committed is in the WAL until somebody
 * checkpoints it, so there is no hurry, and what the start costs (configuration, logging, some
 * hundred classes) is not to compete with the start of the application, above all on one processor.
 *
 * <p>Threading: safe; application threads only leave notes.
 */
final class StartGate implements Runnable {

  /** Wait after the first connection was opened, for the application's first statements. */
  private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Wait if no connection is opened: a wrong configuration is to be reported early. */
  private static final long IDLE_DELAY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private long openAtNanos = System.nanoTime() + IDLE_DELAY_NANOS;
  private boolean hasConnection;
  private boolean isUrgent;

  /** Called when a connection was opened. */
  synchronized void opened() {
    if (!hasConnection) {
      hasConnection = true;
      long at = System.nanoTime() + DELAY_NANOS;
      if (at - openAtNanos < 0) {
        openAtNanos = at;
        notifyAll();
      }
    }
  }

  @Override
  public void run() {
    hurry();
  }

  /**
   * Ends the wait because somebody waits for the agent: a connection closes, or the process ends.
   *
   * @return whether there has been a connection at all
   */
  synchronized boolean hurry() {
    isUrgent |= hasConnection;
    notifyAll();
    return hasConnection;
  }

  /** Ends the wait because an open waits for the agent. */
  synchronized void demand() {
    isUrgent = true;
    notifyAll();
  }

  /** Returns when it is time to start, or the thread is interrupted. */
  synchronized void await() {
    try {
      for (long left = openAtNanos - System.nanoTime();
          !isUrgent && left > 0;
          left = openAtNanos - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException beginNow) {
      Thread.currentThread().interrupt();
    }
  }
}

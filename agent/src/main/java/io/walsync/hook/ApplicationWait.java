package io.walsync.hook;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread of the application's that waits for the agent, made with its connection: to wait takes
 * no lock and allocates nothing, so that a thread that dies while it waits, of a full stack or for
 * want of memory, leaves nothing behind.
 *
 * <p>Threading: one thread waits at a time, under its connection's monitor. {@link #ask} and {@link
 * #take} under a monitor of the caller's; {@link #answer} by whoever took it, one at a time.
 */
public final class ApplicationWait {

  /** How often it was asked, and which of these a thread of ours has taken upon itself. */
  private int asked;

  private int taken;
  private volatile int answered;
  private volatile Thread waiting;

  /** How long the last {@link #await} took, nanoseconds. */
  private long spentNanos;

  /** In a list of those that were asked and not taken. */
  private ApplicationWait next;

  private boolean isListed;

  /**
   * A question of this connection's, which replaces an earlier one.
   *
   * @param list of those that wait already, or null
   * @return the list with this one
   */
  public ApplicationWait ask(ApplicationWait list) {
    asked++;
    if (isListed) {
      return list;
    }
    next = list;
    isListed = true;
    return this;
  }

  /**
   * From now on an answer is meant for what has been asked so far.
   *
   * @return the rest of the list
   */
  public ApplicationWait take() {
    ApplicationWait rest = next;
    next = null;
    isListed = false;
    taken = asked;
    return rest;
  }

  /** What was taken is done. */
  public void answer() {
    answered = taken;
    // Nothing happens for null.
    LockSupport.unpark(waiting);
  }

  /** Waits for the answer to the last question; the thread's interrupt waits as well. */
  public void await(long timeoutNanos) {
    boolean isInterrupted = false;
    long end = System.nanoTime() + timeoutNanos;
    waiting = Thread.currentThread();
    for (long left = timeoutNanos; answered != asked && left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      isInterrupted |= Thread.interrupted();
    }
    waiting = null;
    spentNanos = System.nanoTime() - end + timeoutNanos;
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the last question has been answered; by the thread that waits. */
  public boolean isAnswered() {
    return answered == asked;
  }

  /** As {@link #await}, for what the last one has left of the time: the two belong together. */
  public void awaitAgain(long timeoutNanos) {
    await(timeoutNanos - spentNanos);
  }
}

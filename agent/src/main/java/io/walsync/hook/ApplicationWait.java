package io.walsync.hook;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a thread of the application waits on for the agent. It is made with the connection, and to
 * wait takes no lock and allocates nothing: a thread that dies while it waits, because its stack or
 * the memory is full, leaves nothing behind.
 *
 * <p>Threading: one thread waits at a time, under its connection's monitor. {@link #ask} and {@link
 * #take} under a monitor of the caller's; {@link #answer} by whoever took it, one at a time.
 */
public final class ApplicationWait {

  /** How often it was asked, and the last question that a thread of the agent has taken. */
  private int asked;

  private int taken;
  private volatile int answered;
  private volatile @Nullable Thread waiting;

  /** How long the last {@link #await} took, in nanoseconds. */
  private long spentNanos;

  /** The next one in the list of those that were asked and not taken. */
  private @Nullable ApplicationWait next;

  private boolean isListed;

  /**
   * Asks a question, which replaces an earlier one of this connection.
   *
   * @param list the list of those that wait already; null if there are none
   * @return the list with this one; null only if it was in no list and is in one
   */
  public @Nullable ApplicationWait ask(@Nullable ApplicationWait list) {
    asked++;
    if (isListed) {
      return list;
    }
    next = list;
    isListed = true;
    return this;
  }

  /**
   * Takes the question: the next {@link #answer} answers everything asked so far.
   *
   * @return the rest of the list; null if there is none
   */
  public @Nullable ApplicationWait take() {
    ApplicationWait rest = next;
    next = null;
    isListed = false;
    taken = asked;
    return rest;
  }

  /** Answers what was taken. */
  public void answer() {
    answered = taken;
    // unpark(null) does nothing.
    LockSupport.unpark(waiting);
  }

  /**
   * Waits for the answer to the last question. An interrupt of the thread is kept until afterwards.
   */
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

  /**
   * As {@link #await}, but only for the time that the last {@link #await} has left: the two waits
   * belong to one call.
   */
  public void awaitAgain(long timeoutNanos) {
    await(timeoutNanos - spentNanos);
  }
}

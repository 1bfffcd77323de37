package io.walsync.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Connections that have been opened and that no thread of ours has looked at. The list is threaded
 * through the hooks: to join it allocates nothing, and its monitor, unlike a lock object, is
 * released however a thread leaves it.
 *
 * <p>Threading: safe.
 */
public final class Arrivals {

  private ConnectionHook last;
  private int count;
  private boolean isAnyTaken;

  /** From the thread that opened the connection. */
  public synchronized void add(ConnectionHook connection) {
    if (connection.joinArrivals(last)) {
      last = connection;
      count++;
    }
  }

  /** How many wait. */
  public synchronized int count() {
    return count;
  }

  /** Whether there are any that were not taken, or taken and not {@link #sorted} yet. */
  public synchronized boolean isAny() {
    return last != null || isAnyTaken;
  }

  /** Takes all, in the order in which they came; {@link #sorted} is to follow. */
  public synchronized List<ConnectionHook> take() {
    List<ConnectionHook> taken = new ArrayList<>(count);
    isAnyTaken = last != null;
    while (last != null) {
      taken.add(last);
      last = last.leaveArrivals();
    }
    count = 0;
    Collections.reverse(taken);
    return taken;
  }

  /** What was taken has found its place. */
  public synchronized void sorted() {
    isAnyTaken = false;
  }
}

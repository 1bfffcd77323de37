package io.walsync.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections that were opened and are not assigned to a database yet. The list is linked through
 * the connections, so that adding one allocates nothing. Its monitor, unlike a lock object, is
 * released however a thread leaves it.
 *
 * <p>Threading: safe.
 */
public final class Arrivals {

  /** Null if there is none. */
  private @Nullable FileConnection last;

  private int count;
  private List<FileConnection> taken = Collections.emptyList();

  /** Adds a connection; called by the thread that opened it. */
  public synchronized void add(FileConnection connection) {
    if (connection.joinArrivals(last)) {
      last = connection;
      count++;
    }
  }

  /** How many wait. */
  public synchronized int count() {
    return count;
  }

  /** Whether there are any that were not taken, or taken and not {@link #assigned} yet. */
  public synchronized boolean isAny() {
    return last != null || !taken.isEmpty();
  }

  /** Those that were not taken, or taken and not {@link #assigned} yet. */
  public synchronized List<FileConnection> all() {
    List<FileConnection> all = new ArrayList<>(taken);
    for (FileConnection arrived = last; arrived != null; arrived = arrived.arrivedAfter()) {
      all.add(arrived);
    }
    return all;
  }

  /** Takes all, in the order in which they came. {@link #assigned} must follow. */
  public synchronized List<FileConnection> take() {
    taken = new ArrayList<>(count);
    while (last != null) {
      taken.add(last);
      last = last.leaveArrivals();
    }
    count = 0;
    Collections.reverse(taken);
    return taken;
  }

  /** Called when those that were taken are assigned. */
  public synchronized void assigned() {
    taken = Collections.emptyList();
  }
}

package io.walsync.db.application;

import io.walsync.hook.ApplicationWait;
import io.walsync.hook.FileConnection;
import io.walsync.io.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The application's connections to one database, and the application threads that wait for the
 * agent to get out of the way.
 *
 * <p>Threading: safe; application threads and the database's own meet here.
 */
public final class Connections {

  /**
   * How long an application thread waits for the agent, in all for one call, before it goes on
   * regardless.
   */
  private static final long LET_GO_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Longest wait of a commit for a checkpoint of the agent. SQLite's own takes about as long. */
  private static final long BRIEF_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * How long the agent stays away for a statement that it would be in the way of. A statement that
   * runs longer meets a pin that moves along, and a statement whose end was not reported holds up
   * nothing for ever.
   */
  private static final long EXCLUSIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;

  /** Which file each connection has open. */
  private final Map<FileConnection, Object> open = new HashMap<>();

  /** Connections to a file that is not at the path any more. */
  private final Map<FileConnection, Object> disowned = new HashMap<>();

  private final Set<FileConnection> leaving = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Since when each of these connections wants the agent to stay away, as {@link
   * System#nanoTime()}.
   */
  private final IdentityHashMap<FileConnection, Long> exclusive = new IdentityHashMap<>();

  /** The list of application threads that wait; null if there are none. */
  private @Nullable ApplicationWait waiting;

  private long openedCount;
  private long openedNanos;
  private long firstOpenedNanos;
  private long lastClosedMillis;
  private @Nullable Object lastClosedKey;
  private long closeCount;
  private long emptiedCount;

  /** How many connections are announced by {@link #expect} and not added yet. */
  private int expectedCount;

  public Connections(Clock clock) {
    this.clock = clock;
  }

  /** Announces a connection that will be {@link #add}ed. */
  public synchronized void expect() {
    expectedCount++;
  }

  /** The end of what {@link #expect} announced, whether or not the connection was added. */
  public synchronized void arrived() {
    expectedCount--;
  }

  /** Whether a connection is open, disowned or not, or on its way, or a thread waits. */
  public synchronized boolean isUsed() {
    return expectedCount > 0
        || !open.isEmpty()
        || waiting != null
        || disowned.keySet().stream().anyMatch(connection -> !connection.isGone());
  }

  /**
   * Whether there is no connection, and was none since.
   *
   * @param thenOpenedCount {@link #openedCount} at that time
   */
  public synchronized boolean isUnusedSince(long thenOpenedCount) {
    return openedCount == thenOpenedCount && !isUsed();
  }

  /**
   * @param fileKey {@link io.walsync.files.FileIdentity#key} of the file at the path
   * @return how many connections were disowned, since they have another file open
   */
  public synchronized int add(FileConnection connection, Object fileKey) {
    int disownedCount = disownOthersThan(fileKey);
    open.put(connection, fileKey);
    openedCount++;
    openedNanos = clock.nanoTime();
    firstOpenedNanos = openedCount == 1 ? openedNanos : firstOpenedNanos;
    return disownedCount;
  }

  /**
   * The file at the path was replaced or removed: connections that were opened before go on with
   * the old one, which is not the database of this path any more.
   *
   * @param fileKey key of the file at the path now; null if there is none
   * @return how many connections were disowned
   */
  public synchronized int disownOthersThan(@Nullable Object fileKey) {
    int before = disowned.size();
    for (Iterator<Map.Entry<FileConnection, Object>> i = open.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<FileConnection, Object> each = i.next();
      if (!each.getValue().equals(fileKey)) {
        disowned.put(each.getKey(), each.getValue());
        leaving.remove(each.getKey());
        exclusive.remove(each.getKey());
        i.remove();
      }
    }
    return disowned.size() - before;
  }

  /** Whether a connection of this process has this file open, disowned or not. */
  public synchronized boolean isOpen(Object fileKey) {
    return open.containsValue(fileKey) || disowned.containsValue(fileKey);
  }

  /** The file that the connections have open, or null if there are none. */
  public synchronized @Nullable Object fileKey() {
    return open.isEmpty() ? null : open.values().iterator().next();
  }

  /**
   * Whether this file is not at the path any more: a connection to it was disowned, or one to
   * another file was opened.
   */
  public synchronized boolean isDisowned(Object fileKey) {
    return disowned.containsValue(fileKey) || !open.isEmpty() && !open.containsValue(fileKey);
  }

  /**
   * Whether the last connection that was closed had this file open: then it is this process's
   * though others may have an older one open still.
   *
   * @param fileKey key of the file at the path; null if there is none
   */
  public synchronized boolean isLastClosed(@Nullable Object fileKey) {
    return fileKey != null && fileKey.equals(lastClosedKey);
  }

  /** Whether a connection is open to a file that is not at the path any more. */
  public synchronized boolean isAnyDisowned() {
    return !disowned.isEmpty();
  }

  /** Whether the application has asked for another journal mode than WAL, and goes on with it. */
  public synchronized boolean isRollbackModeWanted() {
    for (FileConnection connection : open.keySet()) {
      if (connection.isRollbackModeWanted()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a connection keeps the database to itself. */
  public synchronized boolean isExclusiveLocking() {
    for (FileConnection connection : open.keySet()) {
      if (connection.isExclusiveLocking() && !connection.isGone()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The connection that keeps the database to itself; null if there is none, or if it is not known
   * which of several it is.
   */
  public synchronized @Nullable FileConnection exclusive() {
    FileConnection found = null;
    for (FileConnection connection : open.keySet()) {
      if (connection.isExclusiveLocking() && !connection.isGone()) {
        if (found != null) {
          return null;
        }
        found = connection;
      }
    }
    return found;
  }

  /** Nanoseconds since a connection was last opened. */
  synchronized long nanosSinceOpened(long nowNanos) {
    return nowNanos - openedNanos;
  }

  /** When this process first opened the database, as {@link System#nanoTime}. */
  public synchronized long firstOpenedNanos() {
    return firstOpenedNanos;
  }

  /** How many connections have been opened so far. */
  public synchronized long openedCount() {
    return openedCount;
  }

  /** How many closes of connections have begun, or ended, so far: it differs after each. */
  public synchronized long closeCount() {
    return closeCount;
  }

  /** How often the last connection was closed. */
  public synchronized long emptiedCount() {
    return emptiedCount;
  }

  public synchronized List<FileConnection> all() {
    return new ArrayList<>(open.keySet());
  }

  /** The copies of the driver through which the database is open, by identity. */
  synchronized Set<ClassLoader> driverLoaders() {
    Set<ClassLoader> loaders = Collections.newSetFromMap(new IdentityHashMap<>());
    for (FileConnection connection : open.keySet()) {
      if (!connection.isDropped()) {
        loaders.add(connection.driverLoader());
      }
    }
    return loaders;
  }

  /**
   * Forgets connections that the application dropped without closing them (the native ones stay as
   * they are), and those whose close did not get here.
   *
   * @return whether there were any
   */
  public synchronized boolean forgetLost() {
    leaving.removeIf(FileConnection::isGone);
    exclusive.keySet().removeIf(FileConnection::isGone);
    disowned.keySet().removeIf(FileConnection::isGone);
    boolean isAny = open.keySet().removeIf(FileConnection::isGone);
    closeCount += isAny ? 1 : 0;
    return isAny;
  }

  /** Whether a connection is open that is not about to close. */
  public synchronized boolean isAnyStaying() {
    return open.size() > leaving.size();
  }

  public synchronized boolean isAnyOpen() {
    return !open.isEmpty();
  }

  /** Whether the application is doing something the agent would be in the way of. */
  public synchronized boolean isExclusive() {
    return exclusiveNanos(clock.nanoTime()) > 0;
  }

  /**
   * Nanoseconds for which the agent still has to stay away; 0 or less if it need not. An
   * application that never says that it is done is not waited for.
   */
  public synchronized long exclusiveNanos(long nowNanos) {
    long longest = 0;
    for (long sinceNanos : exclusive.values()) {
      longest = Math.max(longest, sinceNanos + EXCLUSIVE_NANOS - nowNanos);
    }
    return longest;
  }

  /**
   * Notes that a connection wants the agent out of the way: it is about to close, or needs the
   * database to itself.
   *
   * @return what to wait for, or null if the agent is not in the way: other connections stay open
   */
  public synchronized @Nullable ApplicationWait leave(
      FileConnection connection, boolean isClosing) {
    if (!open.containsKey(connection)) {
      return null;
    }
    if (isClosing) {
      closeCount++;
      leaving.add(connection);
      // A connection that has the database to itself removes the WAL, even if others stay open.
      if (isAnyStaying() && !connection.isExclusiveLocking()) {
        return null;
      }
    } else {
      exclusive.put(connection, clock.nanoTime());
    }
    return asked(connection);
  }

  private ApplicationWait asked(FileConnection connection) {
    ApplicationWait departure = connection.departure();
    waiting = departure.ask(waiting);
    return departure;
  }

  /**
   * As {@link #await}, but shorter, for a wait that helps only the agent; returns whether it was
   * answered.
   */
  public static boolean awaitBriefly(ApplicationWait letGo) {
    letGo.await(BRIEF_WAIT_NANOS);
    return letGo.isAnswered();
  }

  public static void await(ApplicationWait letGo) {
    letGo.await(LET_GO_WAIT_NANOS);
  }

  /** As {@link #await} after a close: the time that it waited before the close counts. */
  public static void awaitSettled(ApplicationWait settled) {
    settled.awaitAgain(LET_GO_WAIT_NANOS);
  }

  /** Notes that a connection which was about to close stays open. */
  public synchronized void stays(FileConnection connection) {
    leaving.remove(connection);
  }

  public synchronized void exclusiveEnded(FileConnection connection) {
    exclusive.remove(connection);
  }

  /**
   * Notes that a connection is closed.
   *
   * @return if it was the last, what to wait for until the agent has seen what the close left
   *     behind
   */
  public synchronized @Nullable ApplicationWait closed(FileConnection connection) {
    leaving.remove(connection);
    exclusive.remove(connection);
    disowned.remove(connection);
    Object fileKey = open.remove(connection);
    closeCount++;
    if (fileKey == null || !open.isEmpty()) {
      return null;
    }
    emptiedCount++;
    lastClosedKey = fileKey;
    lastClosedMillis = System.currentTimeMillis();
    return asked(connection);
  }

  /** When the last connection had been closed, milliseconds since the epoch. */
  public synchronized long lastClosedMillis() {
    return lastClosedMillis;
  }

  /** Removes and returns the threads that wait now. Later ones wait for the next turn. */
  public synchronized List<ApplicationWait> takeWaiting() {
    if (waiting == null) {
      return Collections.emptyList();
    }
    List<ApplicationWait> taken = new ArrayList<>();
    while (waiting != null) {
      taken.add(waiting);
      waiting = waiting.take();
    }
    return taken;
  }
}

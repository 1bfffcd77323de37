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

  /** What a commit may be held up before a checkpoint of ours; SQLite's own takes about as long. */
  private static final long BRIEF_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * How long the agent stays away for a statement that it would be in the way of. After that, one
   * that still runs is a long one, which finds a pin that moves on, or its end was not told.
   */
  private static final long EXCLUSIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;

  /** Which file each connection has open. */
  private final Map<FileConnection, Object> open = new HashMap<>();

  /** Connections to a file that does not stand at the path any more. */
  private final Map<FileConnection, Object> disowned = new HashMap<>();

  private final Set<FileConnection> leaving = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Since when, as {@link System#nanoTime()}, each wants the agent gone. */
  private final IdentityHashMap<FileConnection, Long> exclusive = new IdentityHashMap<>();

  /** Application threads that wait, a list; null if there are none. */
  private ApplicationWait waiting;

  private long openedCount;
  private long openedNanos;
  private long firstOpenedNanos;
  private long lastClosedMillis;
  private Object lastClosedKey;

  /** Connections that are on their way here. */
  private int expectedCount;

  public Connections(Clock clock) {
    this.clock = clock;
  }

  /** A connection of this database's was opened and will be {@link #add}ed. */
  public synchronized void expect() {
    expectedCount++;
  }

  /** What {@link #expect} announced has been added, or failed to. */
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
   * @param fileKey of the file that stands at the path
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
   * @param fileKey of the file that stands at the path now; null for none
   * @return how many connections were disowned
   */
  public synchronized int disownOthersThan(Object fileKey) {
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
  public synchronized Object fileKey() {
    return open.isEmpty() ? null : open.values().iterator().next();
  }

  /** Whether connections have left this file, or opened another at the path since. */
  public synchronized boolean isDisowned(Object fileKey) {
    return disowned.containsValue(fileKey) || !open.isEmpty() && !open.containsValue(fileKey);
  }

  /**
   * Whether the last connection that was closed had this file open: then it is this process's
   * though others may have an older one open still.
   *
   * @param fileKey of the file that stands at the path; null for none
   */
  public synchronized boolean isLastClosed(Object fileKey) {
    return fileKey != null && fileKey.equals(lastClosedKey);
  }

  /** Whether a connection is open on a file that stands at the path no more. */
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

  /** Whether a connection keeps the database for itself. */
  public synchronized boolean isExclusiveLocking() {
    for (FileConnection connection : open.keySet()) {
      if (connection.isExclusiveLocking() && !connection.isGone()) {
        return true;
      }
    }
    return false;
  }

  /** That connection; null if there is none, or it is not known which of several it is. */
  public synchronized FileConnection exclusive() {
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

  /** For how long no connection has been opened, in nanoseconds. */
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
    return open.keySet().removeIf(FileConnection::isGone);
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
   * Notes that a connection wants the agent gone.
   *
   * @return what to wait for, or null if the agent is not in the way: other connections stay open
   */
  public synchronized ApplicationWait leave(FileConnection connection, boolean isClosing) {
    if (!open.containsKey(connection)) {
      return null;
    }
    if (isClosing) {
      leaving.add(connection);
      // One that has the database to itself takes the WAL with it, whoever stays.
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

  /** As {@link #await}, for what only the agent wants; returns whether it was answered. */
  public static boolean awaitBriefly(ApplicationWait letGo) {
    letGo.await(BRIEF_WAIT_NANOS);
    return letGo.isAnswered();
  }

  public static void await(ApplicationWait letGo) {
    letGo.await(LET_GO_WAIT_NANOS);
  }

  /** After a close, which {@link #await} may have held up before. */
  public static void awaitSettled(ApplicationWait settled) {
    settled.awaitAgain(LET_GO_WAIT_NANOS);
  }

  /** A connection that was to leave does not. */
  public synchronized void stays(FileConnection connection) {
    leaving.remove(connection);
  }

  public synchronized void exclusiveEnded(FileConnection connection) {
    exclusive.remove(connection);
  }

  /**
   * A connection is gone.
   *
   * @return if it was the last, what to wait for until the agent has seen what the close left
   *     behind
   */
  public synchronized ApplicationWait closed(FileConnection connection) {
    leaving.remove(connection);
    exclusive.remove(connection);
    disowned.remove(connection);
    Object fileKey = open.remove(connection);
    if (fileKey == null || !open.isEmpty()) {
      return null;
    }
    lastClosedKey = fileKey;
    lastClosedMillis = System.currentTimeMillis();
    return asked(connection);
  }

  /** When the last connection had been closed, milliseconds since the epoch. */
  public synchronized long lastClosedMillis() {
    return lastClosedMillis;
  }

  /** Those who wait now; who comes later waits for the next turn. */
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

package io.walsync.hook;

import java.io.File;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds the application's threads back before they enter SQLite, while the agent needs a database
 * to itself for a moment. So no thread of this process meets a lock of the agent, which would be an
 * error with {@code busy_timeout=0}. The agent waits for threads that are inside. If they hold
 * locks when they come out, it is the agent that does not get its lock.
 *
 * <p>One door at a time is closed in the whole process. It is closed to a file name, not to a
 * database, since a new connection does not know its database yet. So a thread with another file of
 * the same name waits needlessly, but not for long.
 *
 * <p>Threading: safe; {@link #pass} on the application's threads, the rest on the agent's.
 */
public final class Doorway implements AutoCloseable {

  /**
   * Longest wait at the door: more than a switch of the journal mode takes, even with fsyncs on a
   * slow disk.
   */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long the agent waits for threads inside: enough for a commit and its fsync. */
  private static final long INSIDE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final AtomicReference<Doorway> CLOSED = new AtomicReference<>();

  private final String fileName;

  private Doorway(String fileName) {
    this.fileName = fileName;
  }

  /**
   * Closes the door to threads that may have this file open.
   *
   * @return the door, to be closed to let them in again; null if another door is closed at this
   *     moment
   */
  public static @Nullable Doorway shut(File database) {
    Doorway door = new Doorway(database.getName());
    return CLOSED.compareAndSet(null, door) ? door : null;
  }

  /** Waits until the threads inside have come out; false if one does not in time. */
  public boolean awaitOut(Iterable<FileConnection> connections) {
    return await(connections, FileConnection::isInside, INSIDE_NANOS);
  }

  /**
   * As {@link #awaitOut}, and waits until they have ended their transactions too; within these they
   * may run further statements.
   */
  public boolean awaitEnd(Iterable<FileConnection> connections, long timeoutNanos) {
    return await(connections, FileConnection::isInsideOrHolding, timeoutNanos);
  }

  /** Whether no thread is inside and no transaction is open, at this moment. */
  public static boolean isNobodyInside(Iterable<FileConnection> connections) {
    return await(connections, FileConnection::isInsideOrHolding, 0);
  }

  private static boolean await(
      Iterable<FileConnection> connections, Predicate<FileConnection> isIn, long timeoutNanos) {
    long end = System.nanoTime() + timeoutNanos;
    for (FileConnection connection : connections) {
      while (isIn.test(connection)) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    return true;
  }

  /**
   * Whether a thread with this file has to wait.
   *
   * @param file null if it is not known
   */
  static boolean isShutTo(@Nullable String file) {
    Doorway door = CLOSED.get();
    return door != null && (file == null || new File(file).getName().equals(door.fileName));
  }

  /**
   * Returns when no door is closed to the file, or after a bound.
   *
   * @param file null if it is not known
   */
  static void pass(@Nullable String file) {
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (isShutTo(file) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Lets all enter again. */
  @Override
  public void close() {
    CLOSED.compareAndSet(this, null);
  }
}

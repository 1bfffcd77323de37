package io.walsync.hook;

import java.io.File;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Holds back the application's threads before they enter SQLite, while the agent needs a database
 * for itself for a moment: a lock of the agent's then meets nobody of this process, which one with
 * {@code busy_timeout=0} would pay with an error. Those who are inside are waited for; they may
 * hold locks when they come out, and then it is the agent who does not get his.
 *
 * <p>One door is closed at a time in the whole process. It is closed to a file name, not to a
 * database: a connection that was opened a moment ago does not know its database yet, and whoever
 * has another file of the same name waits for nothing, but not for long.
 *
 * <p>Threading: safe; {@link #pass} on the application's threads, the rest on the agent's.
 */
public final class Doorway implements AutoCloseable {

  /** More than any switch of the journal mode takes, its fsyncs on a slow disk included. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A statement that takes longer than a commit and its fsync is not waited for. */
  private static final long INSIDE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final AtomicReference<Doorway> CLOSED = new AtomicReference<>();

  private final String fileName;

  private Doorway(String fileName) {
    this.fileName = fileName;
  }

  /**
   * From now on nobody enters SQLite who may have this file open.
   *
   * @return to be closed when they may; null if another door is closed at this moment
   */
  public static Doorway shut(File database) {
    Doorway door = new Doorway(database.getName());
    return CLOSED.compareAndSet(null, door) ? door : null;
  }

  /** Waits until those who are inside have come out; returns false if one of them does not. */
  public boolean awaitOut(Iterable<FileConnection> connections) {
    return await(connections, FileConnection::isInside, INSIDE_NANOS);
  }

  /**
   * As {@link #awaitOut}, and until they have ended their transactions too, within which they may
   * run further statements.
   */
  public boolean awaitEnd(Iterable<FileConnection> connections, long timeoutNanos) {
    return await(connections, FileConnection::isInsideOrHolding, timeoutNanos);
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

  /** Whether somebody with this file, null if it is not known which, has to wait. */
  static boolean isShutTo(String file) {
    Doorway door = CLOSED.get();
    return door != null && (file == null || new File(file).getName().equals(door.fileName));
  }

  /** Returns when no door is closed to the file, or after a bound. */
  static void pass(String file) {
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (isShutTo(file) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** They may enter again. */
  @Override
  public void close() {
    CLOSED.compareAndSet(this, null);
  }
}

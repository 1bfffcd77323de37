package io.walsync.hook;

import io.walsync.io.Privileged;
import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.security.PrivilegedAction;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the application, and the agent's own calls on it. The driver reports these too;
 * {@link #isInOwnCall} tells them from the application's.
 *
 * <p>Threading: under the connection's monitor, except where it says otherwise.
 */
final class ApplicationConnection {

  /** Weak: a connection that the application forgot to close must stay collectable. */
  private final Reference<Object> nativeDb;

  /** Weak: a container that has stopped the application must get rid of its class loader. */
  private final Reference<ClassLoader> driverLoader;

  private final Presence presence;
  private final CheckpointInterval interval = new CheckpointInterval();

  /** Null until it is made, with the connection. */
  private @Nullable StatementTracker statements;

  private boolean isInOwnCall;
  private volatile boolean isClosed;
  private volatile boolean isRollbackModeWanted;

  ApplicationConnection(Object nativeDb, Presence presence) {
    this.nativeDb = new WeakReference<>(nativeDb);
    this.driverLoader = new WeakReference<>(nativeDb.getClass().getClassLoader());
    this.presence = presence;
  }

  /** Tells which statements are run on it; called once. */
  void isTrackedBy(StatementTracker tracker) {
    statements = tracker;
  }

  /** Notes that the connection was open before the agent came. */
  void foundOpen() {
    interval.mayHaveBeenSet();
  }

  // ---- from any thread

  /** As {@link FileConnection#driverLoader}. */
  @Nullable ClassLoader driverLoader() {
    return driverLoader.get();
  }

  /**
   * Whether the application dropped the connection without closing it, so that it will never
   * commit.
   */
  boolean isDropped() {
    return nativeDb.get() == null;
  }

  /** Whether the application has closed it. */
  boolean isClosed() {
    return isClosed;
  }

  /** Whether it is closed or dropped. */
  boolean isGone() {
    return isClosed || isDropped();
  }

  /** Tells where the connection's thread is. */
  Presence presence() {
    return presence;
  }

  /** Whether the application has asked, on this connection, for another journal mode than WAL. */
  boolean isRollbackModeWanted() {
    return isRollbackModeWanted;
  }

  /** As {@link FileConnection#requestAutocheckpoint}. */
  void requestAutocheckpoint(int pages) {
    interval.request(pages);
  }

  /** The end of {@link #holdCheckpoints}, at the end of the next statement. */
  void releaseCheckpoints() {
    interval.release();
  }

  /** Gives SQLite's checkpoints back to a connection whose database is not captured. */
  void giveBackCheckpoints() {
    interval.giveBack();
  }

  /** As {@link FileConnection#checkpointIfIdle}. */
  void checkpointIfIdle() {
    Object connection = nativeDb.get();
    if (connection == null) {
      return;
    }
    synchronized (connection) {
      if (!isClosed && statements != null) {
        statements.checkpointIfOutside();
      }
    }
  }

  // ---- what the application does

  void closed() {
    isClosed = true;
  }

  void noteJournalMode(SqlKind asked) {
    if (asked == SqlKind.ROLLBACK_MODE) {
      isRollbackModeWanted = true;
    } else if (asked == SqlKind.WAL_MODE) {
      isRollbackModeWanted = false;
    }
  }

  /** Notes that the application sets the checkpoint interval itself. */
  void noteAutocheckpoint() {
    interval.set();
  }

  // ---- calls of our own

  /** Whether the call that is being reported is the agent's. */
  boolean isInOwnCall() {
    return isInOwnCall;
  }

  /** As {@link DriverCalls#databaseFiles}. */
  @Nullable Map<String, String> databaseFiles() {
    boolean wasInOwnCall = begin();
    try {
      return DriverCalls.databaseFiles(nativeDb());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** Whether it keeps the database of this schema to itself. */
  boolean isExclusive(String schema) {
    boolean wasInOwnCall = begin();
    try {
      return DriverCalls.isExclusive(nativeDb(), schema);
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** Has SQLite give back a database that the connection does not keep to itself any more. */
  void giveBack(String schema) {
    boolean wasInOwnCall = begin();
    try {
      DriverCalls.readNothing(nativeDb(), schema);
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** Copies what one of its WALs holds; returns SQLite's count of frames, negative for none. */
  long checkpoint(String schema) {
    boolean wasInOwnCall = begin();
    try {
      return DriverCalls.checkpoint(nativeDb(), schema);
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** The NativeDB, whose monitor the caller holds: so it cannot have been collected. */
  private Object nativeDb() {
    Object held = nativeDb.get();
    assert held != null : "its monitor is held";
    return held;
  }

  private boolean begin() {
    boolean wasInOwnCall = isInOwnCall;
    isInOwnCall = true;
    return wasInOwnCall;
  }

  // ---- its checkpoint interval

  /**
   * As {@link ConnectionHook#holdCheckpoints}.
   *
   * @param path null if it is not known
   */
  void holdCheckpoints(@Nullable String path) {
    Object opening = nativeDb.get();
    if (opening == null || path == null || path.isEmpty() || !mayBeUnknown(new File(path))) {
      return;
    }
    boolean wasInOwnCall = begin();
    try {
      interval.hold(opening);
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  private static boolean mayBeUnknown(File path) {
    return Privileged.call(
        new PrivilegedAction<Boolean>() {
          @Override
          public Boolean run() {
            File folder = new File(path.getParentFile(), "." + path.getName() + "-walsync");
            return path.length() > 0 && !folder.exists();
          }
        });
  }

  /** As {@link FileConnection#restoreAutocheckpoint}. */
  void restoreAutocheckpoint() {
    Object connection = nativeDb.get();
    if (connection == null) {
      return;
    }
    synchronized (connection) {
      if (isClosed) {
        return;
      }
      boolean wasInOwnCall = begin();
      try {
        interval.restore(connection);
      } finally {
        isInOwnCall = wasInOwnCall;
      }
    }
  }

  /** Whether the agent has asked for another interval. */
  boolean isAutocheckpointRequested() {
    return interval.isRequested();
  }

  void answerAutocheckpoint() {
    boolean wasInOwnCall = begin();
    try {
      interval.answer(nativeDb());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** The application has set the interval, and keeps a database to itself. */
  void setCheckpointsAlone() {
    boolean wasInOwnCall = begin();
    try {
      interval.setAlone(nativeDb());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** SQLite does not checkpoint by itself while the connection keeps a database to itself. */
  void holdCheckpointsAlone() {
    boolean wasInOwnCall = begin();
    try {
      interval.holdAlone(nativeDb());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** The end of {@link #holdCheckpointsAlone}. */
  void endCheckpointsAlone() {
    boolean wasInOwnCall = begin();
    try {
      interval.endAlone(nativeDb());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
  }

  /** Whether that has succeeded. */
  boolean areCheckpointsHeldAlone() {
    return interval.isHeldAlone();
  }
}

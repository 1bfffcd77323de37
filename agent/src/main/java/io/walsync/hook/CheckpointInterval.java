package io.walsync.hook;

/**
 * The {@code wal_autocheckpoint} of one connection: who has set it, and which value the agent asks
 * for.
 *
 * <p>Threading: under the connection's monitor, except {@link #request}.
 */
final class CheckpointInterval {

  private static final String PRAGMA = "PRAGMA wal_autocheckpoint";

  /** Pages. SQLite's default for a new connection. */
  private static final int SQLITE_DEFAULT = 1000;

  private static final int NEVER = 0;
  private static final int NO_REQUEST = -1;
  private static final int UNKNOWN = -1;

  private volatile int requested = NO_REQUEST;

  /** The application has set a value. */
  private boolean isApplications;

  /** The application may have set a value before the agent came. */
  private boolean mayBeApplications;

  /** The connection has the value that the agent asked for. */
  private boolean isOurs;

  /** The agent has turned checkpoints off before it knew the database of the connection. */
  private volatile boolean isHeld;

  /**
   * What it was before the connection kept its databases to itself, when nobody but the connection
   * can keep a checkpoint from coming before the copy; {@link #UNKNOWN} if it does not.
   */
  private volatile int beforeAlone = UNKNOWN;

  private boolean isHeldAlone;

  /** Notes that the connection was open before the agent came. */
  void mayHaveBeenSet() {
    mayBeApplications = true;
  }

  /** Notes that the application sets a value. */
  void set() {
    isApplications = true;
  }

  /**
   * From any thread: asks for a value, which the connection's own thread sets in {@link #answer}.
   *
   * @param pages 0 for never
   */
  void request(int pages) {
    isHeld = false;
    requested = pages;
  }

  /**
   * As the connection is opened: SQLite does not checkpoint by itself until {@link #release} or
   * {@link #request}.
   */
  void hold(Object nativeDb) {
    DriverCalls.exec(nativeDb, PRAGMA + "=" + NEVER);
    isOurs = true;
    isHeld = true;
  }

  /** From any thread: the end of {@link #hold}, if nothing else was asked for since. */
  void release() {
    if (isHeld && beforeAlone == UNKNOWN) {
      request(SQLITE_DEFAULT);
    }
    isHeld = false;
  }

  /** From any thread: asks for SQLite's own checkpoints again, because nothing is captured. */
  void giveBack() {
    request(SQLITE_DEFAULT);
  }

  // ---- while the connection keeps its databases to itself

  /** Turns SQLite's own checkpoints off, whoever has set the interval. */
  void holdAlone(Object nativeDb) {
    int value = valueOf(nativeDb);
    if (value > NEVER) {
      beforeAlone = value;
      DriverCalls.exec(nativeDb, PRAGMA + "=" + NEVER);
      value = valueOf(nativeDb);
    } else if (beforeAlone == UNKNOWN) {
      beforeAlone = isOurs ? SQLITE_DEFAULT : NEVER;
    }
    isHeldAlone = value == NEVER;
  }

  /** Handles a value that the application sets meanwhile. */
  void setAlone(Object nativeDb) {
    beforeAlone = Math.max(NEVER, valueOf(nativeDb));
  }

  boolean isHeldAlone() {
    return isHeldAlone;
  }

  private void giveBackAlone(Object nativeDb) {
    isHeldAlone = false;
    if (valueOf(nativeDb) == NEVER) {
      DriverCalls.exec(nativeDb, PRAGMA + "=" + beforeAlone);
    }
  }

  /** The end of {@link #holdAlone}. */
  void endAlone(Object nativeDb) {
    if (beforeAlone != UNKNOWN) {
      giveBackAlone(nativeDb);
      beforeAlone = UNKNOWN;
      isOurs = false;
    }
  }

  // ---- answers

  boolean isRequested() {
    return requested != NO_REQUEST;
  }

  /** Sets the value that was asked for, unless the application has set one itself. */
  void answer(Object nativeDb) {
    int pages = requested;
    requested = NO_REQUEST;
    if (beforeAlone != UNKNOWN) {
      if (pages == NEVER) {
        holdAlone(nativeDb);
      } else {
        giveBackAlone(nativeDb);
      }
      return;
    }
    if (mayBeApplications) {
      mayBeApplications = false;
      isApplications = valueOf(nativeDb) != SQLITE_DEFAULT;
    }
    if (!isApplications) {
      DriverCalls.exec(nativeDb, PRAGMA + "=" + pages);
      isOurs = pages == NEVER;
    }
  }

  /** Gives the connection back the value it had, unless the application has set one of its own. */
  void restore(Object nativeDb) {
    requested = NO_REQUEST;
    if (beforeAlone != UNKNOWN) {
      giveBackAlone(nativeDb);
      return;
    }
    if (!isOurs) {
      return;
    }
    isOurs = false;
    if (valueOf(nativeDb) == NEVER) {
      DriverCalls.exec(nativeDb, PRAGMA + "=" + SQLITE_DEFAULT);
    }
  }

  private static int valueOf(Object nativeDb) {
    String pages = DriverCalls.readText(nativeDb, PRAGMA, 0);
    return pages == null ? UNKNOWN : Integer.parseInt(pages);
  }
}

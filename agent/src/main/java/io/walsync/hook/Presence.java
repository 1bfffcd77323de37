package io.walsync.hook;

/**
 * Where the thread of a connection is: in a statement, inside SQLite, in a transaction that may
 * hold locks.
 *
 * <p>Threading: written by the application's thread, under the connection's monitor; read by the
 * agent's.
 */
final class Presence {

  /** Stands for a statement where a call takes SQL as a whole. */
  static final long CALL = -1;

  private static final long NOTHING = 0;

  private final StatementKinds kinds;

  /** The statement that is stepped, 0 for none; plain, since it is written at each step. */
  private long running;

  /** A native that may take a lock is running, or a statement has rows to come. */
  private volatile boolean isInside;

  /** Besides, the explicit transaction that is open may hold one. */
  private volatile boolean isHolding;

  Presence(StatementKinds kinds) {
    this.kinds = kinds;
  }

  /**
   * Whether a statement that may commit is running, as far as another thread sees; one that has
   * returned a row and was not ended yet counts.
   */
  boolean isInStatement() {
    long statement = running;
    try {
      return statement == CALL || statement != NOTHING && !kinds.get(statement).isRead();
    } catch (ArrayIndexOutOfBoundsException theTableGrowsJustNow) {
      return true;
    }
  }

  /** Only known while somebody uses the {@link Doorway}. */
  boolean isInside() {
    return isInside;
  }

  /** Only known while somebody uses the {@link Doorway}. */
  boolean isInsideOrHolding() {
    return isInside || isHolding;
  }

  // ---- the connection's thread

  /** What runs from now on: a statement, or {@link #CALL}. */
  void runs(long statement) {
    running = statement;
  }

  void runsNothing() {
    running = NOTHING;
  }

  long running() {
    return running;
  }

  /**
   * About to enter SQLite: waits while the agent has a database of the connection's for itself;
   * seen from then on by whoever wants to. Who is inside already goes on: the agent waits for him.
   *
   * @param statement 0 if one is to be prepared
   */
  void enter(long statement, OpenFiles files) {
    if (isInside || isLockless(statement)) {
      return;
    }
    isInside = true;
    if (isHolding) {
      return;
    }
    if (files.isShutOut()) {
      isInside = false;
      files.passDoorway();
      isInside = true;
    }
  }

  /** The row of such a statement often stays unread until the next is run. */
  private boolean isLockless(long statement) {
    return statement > 0 && kinds.get(statement) == SqlKind.READ_NOTHING;
  }

  /**
   * Out of SQLite.
   *
   * @param holds whether a transaction that has run something is open
   */
  void leave(boolean holds) {
    if (isInside) {
      // In this order: he is not out in between.
      isHolding = holds;
      isInside = false;
    }
  }
}

package io.walsync.hook;

/**
 * Tells where the thread of a connection is: in a statement, inside SQLite, in a transaction that
 * may hold locks.
 *
 * <p>Threading: written by the application's thread, under the connection's monitor; read by the
 * agent's.
 */
final class Presence {

  /** Used in place of a statement for a call that takes SQL as a whole. */
  static final long CALL = -1;

  private static final long NOTHING = 0;

  private final StatementKinds kinds;

  /**
   * The statement that is being stepped; 0 if there is none. Not volatile, since it is written at
   * each step.
   */
  private long running;

  /** A native that may take a lock is running, or a statement has rows to come. */
  private volatile boolean isInside;

  /** The open explicit transaction may hold a lock. */
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

  /** Notes what runs from now on: a statement, or {@link #CALL}. */
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
   * Enters SQLite: waits while the agent has a database of the connection to itself, and is seen as
   * inside afterwards. A thread that is inside already goes on; the agent waits for it.
   *
   * @param statement 0 if a statement is to be prepared
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

  /**
   * Whether the statement takes no lock. The row of such a one often stays unread until the next is
   * run.
   */
  private boolean isLockless(long statement) {
    return statement > 0 && kinds.get(statement) == SqlKind.READ_NOTHING;
  }

  /**
   * Leaves SQLite.
   *
   * @param holds whether a transaction that has run something is open
   */
  void leave(boolean holds) {
    if (isInside) {
      // In this order, so that the thread is not seen as outside in between.
      isHolding = holds;
      isInside = false;
    }
  }
}

package io.walsync.db;

import io.walsync.db.application.Connections;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the agent does with one database, and what it may do next.
 *
 * <pre>
 *            +--&gt; ASKING --+
 *            |             |  the replica has answered, or cannot now
 *    +----&gt; IDLE &lt;---------+
 *    |       |
 *    |       |  takes hold
 *    |       v
 *    +-- REPLICATING &lt;----&gt; RESTING, after a long idle time until something happens
 *    |     |   ^
 *    |     v   |  the application has it for itself, and no more
 *    +---- AWAY
 *
 *   each of these  -&gt; SUSPENDED, after a failure, and on from there as from IDLE
 *   each but REFUSED -&gt; LEFT, as the agent leaves the process
 *   each           -&gt; REFUSED, if it must not be replicated there
 * </pre>
 *
 * <p>{@link Course#enter}, the only writer, asks each state for its successors.
 *
 * <p>Whether anybody has the database open is no state: that is the application's to say and
 * changes at any moment on its threads, see {@link Connections}.
 */
enum DbState {
  /**
   * Not held: the database is closed, or capture is yet to begin, or the last close is not settled.
   */
  IDLE,

  /** There is no local state: the replica is asked what it has, or read back. */
  ASKING,

  /** Held: commits are captured and uploaded. */
  REPLICATING,

  /** As {@link #REPLICATING}, and idle for so long that no connection of the agent's is open. */
  RESTING,

  /** The application needs the database for itself. */
  AWAY,

  /** Cannot be captured now; tried again. */
  SUSPENDED,

  /**
   * Must not be replicated. Only a restart of the application, after somebody has acted, changes
   * that.
   */
  REFUSED,

  /**
   * The agent leaves the process: what is staged is uploaded, the database is not touched any more.
   */
  LEFT;

  static {
    IDLE.next = EnumSet.of(ASKING, REPLICATING, SUSPENDED, REFUSED, LEFT);
    ASKING.next = EnumSet.of(IDLE, SUSPENDED, REFUSED, LEFT);
    REPLICATING.next = EnumSet.of(IDLE, RESTING, AWAY, SUSPENDED, REFUSED, LEFT);
    RESTING.next = EnumSet.of(IDLE, REPLICATING, AWAY, SUSPENDED, REFUSED, LEFT);
    AWAY.next = EnumSet.of(IDLE, ASKING, REPLICATING, SUSPENDED, REFUSED, LEFT);
    SUSPENDED.next = EnumSet.of(IDLE, ASKING, REPLICATING, REFUSED, LEFT);
    REFUSED.next = EnumSet.noneOf(DbState.class);
    LEFT.next = EnumSet.of(REFUSED);
  }

  @SuppressWarnings("ImmutableEnumChecker") // set once, above: a constant cannot name later ones
  private Set<DbState> next = Collections.emptySet();

  /** Whether that state may come directly after this one. */
  boolean leadsTo(DbState other) {
    return next.contains(other);
  }

  /** Whether every commit is seen and taken in. */
  boolean isCaptured() {
    return this == REPLICATING || this == RESTING;
  }
}

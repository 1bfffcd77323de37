package io.walsync.db;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.upload.Replicator;
import io.walsync.io.Clock;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of one database and the time from which capture may be tried. Nobody else changes the
 * state.
 *
 * <p>Threading: the database's thread; methods for other threads say so.
 */
final class Course {

  /** Pause before another try where the obstacle may end at any moment. */
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final File path;
  private final DbEvents events;
  private final Clock clock;
  private volatile DbState state = DbState.IDLE;
  private volatile @Nullable String impossibleChange;

  /** Why the database is refused; null unless it is. */
  private volatile @Nullable Refusal refusal;

  /** When the database came into its state. */
  private volatile long sinceNanos;

  private long startAtNanos;

  Course(File path, DbEvents events, Clock clock) {
    this.path = path;
    this.events = events;
    this.clock = clock;
    this.startAtNanos = clock.nanoTime();
    this.sinceNanos = startAtNanos;
  }

  /** From any thread. */
  DbState state() {
    return state;
  }

  boolean is(DbState that) {
    return state == that;
  }

  boolean isCaptured() {
    return state.isCaptured();
  }

  /** From any thread: why the database was last refused; null if it never was. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** From any thread: nanoseconds since the database came into its state. */
  long stateNanos() {
    return clock.nanoTime() - sinceNanos;
  }

  /**
   * From any thread: whether the agent has left or refused the database, so that it is not looked
   * at any more.
   */
  boolean hasLeft() {
    DbState now = state;
    return now == DbState.LEFT || now == DbState.REFUSED;
  }

  /** The time from which capture may be tried, by {@link Clock#nanoTime}. */
  long startAtNanos() {
    return startAtNanos;
  }

  /** Whether capture may be tried, if there is anything to capture. */
  boolean isStartDue(long now) {
    boolean isWaiting =
        state == DbState.IDLE || state == DbState.AWAY || state == DbState.SUSPENDED;
    return isWaiting && now - startAtNanos >= 0;
  }

  /** Puts capture off until then, in any state. */
  void startAt(long nanos) {
    startAtNanos = nanos;
  }

  /** Begins again at some time, unless the agent has left. */
  void beginAt(long nanos, String reason) {
    if (state != DbState.LEFT) {
      enter(DbState.IDLE, reason);
    }
    startAtNanos = nanos;
    if (events.wantsDecisions()) {
      long waitMillis = TimeUnit.NANOSECONDS.toMillis(nanos - clock.nanoTime());
      if (waitMillis > 0) {
        events.decided(Decision.START_POSTPONED, "for " + waitMillis + " ms: " + reason);
      }
    }
  }

  /** Ends capture because the database was closed or replaced by another file. */
  void endCapture(String reason) {
    if (state.isCaptured() || state == DbState.AWAY) {
      enter(DbState.IDLE, reason);
    }
  }

  /** Asks what the replica holds, now or as soon as no other request is under way. */
  void ask(Replicator replicator) {
    if (replicator.ask()) {
      enter(DbState.ASKING, "what the replica holds is not known here");
    } else {
      long now = clock.nanoTime();
      beginAt(
          now + Math.max(RETRY_NANOS, replicator.waitNanos(now, false)),
          "the store cannot be asked yet");
    }
  }

  void refuse(Refusal found) {
    refusal = found;
    enter(DbState.REFUSED, found.text());
  }

  /**
   * Changes the state. Does nothing if the database is in it already.
   *
   * @param reason a text or the failure. It becomes text only if the log wants it, since this is
   *     also called when no memory can be allocated.
   */
  void enter(DbState next, Object reason) {
    DbState left = state;
    if (next == left) {
      return;
    }
    long now = clock.nanoTime();
    long leftNanos = now - sinceNanos;
    state = next;
    sinceNanos = now;
    events.stateChanged(left, next, reason, leftNanos);
    if (!left.leadsTo(next)) {
      foundImpossible(left + " -> " + next + " (" + reason + ")");
    }
  }

  /**
   * Notes a change that the table of {@link DbState} forbids: a bug of the agent, and no reason to
   * stop replicating.
   */
  private void foundImpossible(String change) {
    if (impossibleChange == null) {
      impossibleChange = change;
      events.impossibleChange(change);
    }
    assert false : path + ": " + change;
  }

  /** The first change of state that {@link DbState} forbids; null if there was none. */
  @Nullable String impossibleChange() {
    return impossibleChange;
  }
}

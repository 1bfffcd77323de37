package io.walsync.db;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.upload.Replicator;
import io.walsync.io.Clock;
import java.io.File;
import java.util.concurrent.TimeUnit;

/**
 * The state of one database, the only place that changes it, and when capture may be tried.
 *
 * <p>Threading: the database's thread; what others may call says so.
 */
final class Course {

  /** What may end at any moment is tried again this soon. */
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final File path;
  private final DbEvents events;
  private final Clock clock;
  private volatile DbState state = DbState.IDLE;
  private volatile String impossibleChange;

  /** Null unless it is refused. */
  private volatile Refusal refusal;

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

  /** From any thread: why it is refused; null if it is not. */
  Refusal refusal() {
    return refusal;
  }

  /** From any thread: for how long it has been in its state. */
  long stateNanos() {
    return clock.nanoTime() - sinceNanos;
  }

  /** From any thread: whether it is looked at no more. */
  boolean hasLeft() {
    DbState now = state;
    return now == DbState.LEFT || now == DbState.REFUSED;
  }

  /** From when on capture may be tried. */
  long startAtNanos() {
    return startAtNanos;
  }

  /** Whether capture may be tried, if there is anything to capture. */
  boolean isStartDue(long now) {
    boolean isWaiting =
        state == DbState.IDLE || state == DbState.AWAY || state == DbState.SUSPENDED;
    return isWaiting && now - startAtNanos >= 0;
  }

  /** Has capture wait until then, whatever the state. */
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

  /** The database that was captured, or is to be again soon, is another or closed. */
  void endCapture(String reason) {
    if (state.isCaptured() || state == DbState.AWAY) {
      enter(DbState.IDLE, reason);
    }
  }

  /** Asks what the replica holds, now or as soon as that can be. */
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
   * Changes the state; does nothing if it is that already.
   *
   * @param reason in words, or what failed; put into words only if somebody reads them, since this
   *     is also done where nothing can be allocated any more
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

  /** A fault of ours, and no reason to stop replicating. */
  private void foundImpossible(String change) {
    if (impossibleChange == null) {
      impossibleChange = change;
      events.impossibleChange(change);
    }
    assert false : path + ": " + change;
  }

  /** The first change of state that should have been impossible; null for none. */
  String impossibleChange() {
    return impossibleChange;
  }
}

package io.walsync.db;

import io.walsync.db.events.DbEvents;
import java.util.concurrent.TimeUnit;

/**
 * The time in which it is not known whether the last commit in the WAL counts: one connection has
 * the database to itself, and its call failed, or the agent did not see how it ended.
 *
 * <p>Threading: one thread at a time, the database's; {@link #isOpen} and {@link #isTold} from
 * anywhere.
 */
final class Doubt {

  static final String IN_WORDS =
      "whether SQLite counts the last commit is not known before the connection that has the"
          + " database to itself runs its next statement outside a transaction";

  /**
   * A doubt is told after this long. The next statement ends it, and if the connection is idle, the
   * agent asks it within a second or two.
   */
  private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final DbEvents events;
  private volatile boolean isOpen;
  private volatile boolean isTold;
  private long sinceNanos;

  Doubt(DbEvents events) {
    this.events = events;
  }

  /** Notes what is known now. */
  void look(boolean isInDoubt, long now) {
    if (!isInDoubt) {
      if (isTold) {
        events.doubtEnded();
      }
      isTold = false;
    } else if (!isOpen) {
      sinceNanos = now;
    } else if (!isTold && now - sinceNanos >= TOLD_NANOS) {
      isTold = true;
      events.inDoubt(IN_WORDS);
    }
    isOpen = isInDoubt;
  }

  /** Whether there is one. From any thread. */
  boolean isOpen() {
    return isOpen;
  }

  /** Whether there is one that has lasted. From any thread. */
  boolean isTold() {
    return isTold;
  }
}

package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.application.DriverInUse;
import io.walsync.db.local.LocalState;
import io.walsync.db.upload.Replicator;
import io.walsync.io.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Whether a database that the application has closed is accounted for, and how long nothing is
 * written beside it.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Closing {

  /**
   * A new database that is closed again sooner may be a temporary one, whose folder is deleted at
   * this moment: its first snapshot waits until it is as old as this.
   */
  private static final long TEMPORARY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Whoever deletes a database with its folder does so as soon as it is closed: nothing is written
   * there for so long, or for the sync interval, if that is shorter.
   */
  private static final long DELETED_SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long NOTHING_SETTLED = -1;

  private final Course course;
  private final Connections connections;
  private final Clock clock;
  private final DriverInUse driver;
  private final Session session;
  private final LocalState local;
  private final Replicator replicator;
  private final Suspension suspension;
  private final long quietAfterCloseNanos;

  /**
   * How many connections had been opened when the database was last found closed and accounted for.
   */
  private long settledCount;

  private long closedAtNanos;

  /** How many connections had been opened at the last close that is followed by a pause. */
  private long quietCount;

  Closing(Parts parts) {
    this.course = parts.course;
    this.connections = parts.connections;
    this.clock = parts.clock;
    this.driver = parts.driver;
    this.session = parts.session;
    this.local = parts.local;
    this.replicator = parts.replicator;
    this.suspension = parts.suspension;
    this.quietAfterCloseNanos = Math.min(DELETED_SOON_NANOS, parts.syncIntervalNanos);
  }

  /** Whether the last close is accounted for. */
  boolean isSettled() {
    return settledCount == connections.openedCount();
  }

  /** The last close is accounted for. */
  void accountedFor() {
    settledCount = connections.openedCount();
  }

  /** What the last close left behind is to be looked at again. */
  void forget() {
    settledCount = NOTHING_SETTLED;
  }

  /**
   * Takes in what the last close left behind, unless that was done.
   *
   * @param mayCompare whether nobody waits for the end of this
   */
  void settle(boolean mayCompare) throws Exception {
    long openedCount = connections.openedCount();
    if (settledCount == openedCount || driver.driver() == null) {
      return;
    }
    if (connections.isAnyDisowned() && !connections.isLastClosed(session.standingFile())) {
      // What stands at the path now, nobody here has opened yet.
      settledCount = openedCount;
      return;
    }
    switch (session.settleAfterClose(driver.driver(), connections.lastClosedMillis(), mayCompare)) {
      case ACCOUNTED_FOR:
        suspension.over(local.uploadedTxid());
        local.settled();
        course.enter(DbState.IDLE, "what the last close left behind is staged");
        settledCount = openedCount;
        break;
      case REPLICA_UNKNOWN:
        course.ask(replicator);
        break;
      case COMPARISON_NEEDED:
        course.beginAt(clock.nanoTime(), "the whole database has to be compared");
        break;
      default:
        settledCount = openedCount;
        break;
    }
  }

  /** The last close returns now. What it is to upload, the turn before it has begun with. */
  void returns() {
    closedAtNanos = clock.nanoTime();
    quietCount = connections.openedCount();
  }

  /**
   * How long nothing is written beside a closed database, which may be a temporary one; 0 for not
   * at all.
   */
  long quietNanos(long now) {
    boolean isNew = course.is(DbState.ASKING);
    boolean isJustClosed = quietCount == connections.openedCount();
    long sinceNew = isNew ? connections.firstOpenedNanos() + TEMPORARY_NANOS - now : 0;
    long sinceClose = isJustClosed ? closedAtNanos + quietAfterCloseNanos - now : 0;
    return Math.max(0, Math.max(sinceNew, sinceClose));
  }
}

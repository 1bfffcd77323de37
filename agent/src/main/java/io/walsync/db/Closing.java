package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.sqlite.HostDriver;
import java.util.concurrent.TimeUnit;

/**
 * Knows whether what the last close of a database left behind has been taken in, and for how long
 * after a close the agent writes nothing beside the database.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Closing {

  /**
   * A new database that is closed again may be a temporary one, whose folder is being deleted. Its
   * first snapshot waits until the database is as old as this.
   */
  private static final long TEMPORARY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * After a close nothing is written for this long, or for the sync interval if that is shorter:
   * whoever deletes a database with its folder does so right after the close.
   */
  private static final long DELETED_SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long NOTHING_SETTLED = -1;

  private final Parts parts;
  private final long quietAfterCloseNanos;

  /**
   * {@link Connections#openedCount} when the last close was found settled. If it differs now,
   * somebody has opened the database since.
   */
  private long settledCount;

  private long closedAtNanos;

  /**
   * {@link Connections#openedCount} at the last close that the agent took part in; a pause follows
   * that one only.
   */
  private long quietCount;

  Closing(Parts parts) {
    this.parts = parts;
    this.quietAfterCloseNanos = Math.min(DELETED_SOON_NANOS, parts.syncIntervalNanos);
  }

  /** Whether the last close is settled: what it left behind has been taken in. */
  boolean isSettled() {
    return settledCount == parts.connections.openedCount();
  }

  /** Notes that the last close is settled. */
  void accountedFor() {
    settledCount = parts.connections.openedCount();
  }

  /** Has the last close settled again. */
  void forget() {
    settledCount = NOTHING_SETTLED;
  }

  /**
   * Takes in what the last close left behind, unless that was done.
   *
   * @param mayCompare whether there is time to compare the whole database; false while a thread of
   *     the application waits
   */
  void settle(boolean mayCompare) throws Exception {
    long openedCount = parts.connections.openedCount();
    HostDriver driver = parts.driver.driver();
    if (settledCount == openedCount || driver == null) {
      return;
    }
    if (parts.connections.isAnyDisowned()
        && !parts.connections.isLastClosed(parts.session.standingFile())) {
      // Another file is at the path by now, which nobody in this process has opened yet.
      settledCount = openedCount;
      return;
    }
    switch (parts.session.settleAfterClose(
        driver, parts.connections.lastClosedMillis(), mayCompare)) {
      case ACCOUNTED_FOR:
        parts.suspension.over(parts.local.uploadedTxid());
        parts.local.settled();
        parts.course.enter(DbState.IDLE, "what the last close left behind is staged");
        settledCount = openedCount;
        break;
      case REPLICA_UNKNOWN:
        parts.course.ask(parts.replicator);
        break;
      case COMPARISON_NEEDED:
        parts.course.beginAt(parts.clock.nanoTime(), "the whole database has to be compared");
        break;
      default:
        settledCount = openedCount;
        break;
    }
  }

  /** Called when the turn ends that the last close has waited for: the pause begins. */
  void returns() {
    closedAtNanos = parts.clock.nanoTime();
    quietCount = parts.connections.openedCount();
  }

  /**
   * Nanoseconds for which nothing is to be written beside a closed database, which may be a
   * temporary one; 0 if writing is allowed now.
   */
  long quietNanos(long now) {
    // The first may have to wait for the switch to WAL before it can ask.
    boolean isUnswitched = parts.connections.openedCount() == 1 && !isSettled();
    boolean isNew = parts.course.is(DbState.ASKING) || isUnswitched && !parts.local.isInitialised();
    boolean isJustClosed = quietCount == parts.connections.openedCount();
    long sinceNew = isNew ? parts.connections.firstOpenedNanos() + TEMPORARY_NANOS - now : 0;
    long sinceClose = isJustClosed ? closedAtNanos + quietAfterCloseNanos - now : 0;
    return Math.max(0, Math.max(sinceNew, sinceClose));
  }
}

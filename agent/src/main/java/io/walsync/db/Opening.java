package io.walsync.db;

import io.walsync.db.application.Autocheckpoint;
import io.walsync.db.application.Connections;
import io.walsync.db.application.DriverInUse;
import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.events.DbEvents;
import io.walsync.db.local.LocalState;
import io.walsync.db.upload.Replicator;
import io.walsync.io.Clock;
import io.walsync.sqlite.HostDriver;
import java.util.concurrent.TimeUnit;

/**
 * Begins to capture a database that the application has open.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Opening {

  /**
   * After this long without a lock, a connection that wants the database to itself is reported:
   * usually it uses the database soon.
   */
  private static final long NOT_TAKEN_TOLD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Course course;
  private final Connections connections;
  private final Clock clock;
  private final DriverInUse driver;
  private final Session session;
  private final LocalState local;
  private final Replicator replicator;
  private final Suspension suspension;
  private final Autocheckpoint autocheckpoint;
  private final Watch watch;
  private final Drain drain;
  private final DbEvents events;

  /** The copy of SQLite that the session's connections were opened with. */
  private HostDriver heldThrough;

  /**
   * Since when a connection wants the database to itself and cannot be followed; 0 if none does.
   */
  private long notTakenSinceNanos;

  Opening(Parts parts, Watch watch) {
    this.course = parts.course;
    this.connections = parts.connections;
    this.clock = parts.clock;
    this.driver = parts.driver;
    this.session = parts.session;
    this.local = parts.local;
    this.replicator = parts.replicator;
    this.suspension = parts.suspension;
    this.autocheckpoint = parts.autocheckpoint;
    this.watch = watch;
    this.drain = parts.drain;
    this.events = parts.events;
  }

  boolean isDue(long now) {
    boolean isTriedAtEnd = drain.takeTry() && course.is(DbState.SUSPENDED);
    return (course.isStartDue(now) || isTriedAtEnd)
        && driver.driver() != null
        && connections.isAnyStaying()
        && !connections.isExclusive();
  }

  /** Whether the application has loaded another copy of SQLite since capture began. */
  boolean isThroughAnotherDriver() {
    return heldThrough != driver.driver();
  }

  void begin() throws Exception {
    Object fileKey = connections.fileKey();
    if (fileKey == null) {
      return;
    }
    heldThrough = driver.driver();
    boolean isRollbackModeWanted = connections.isRollbackModeWanted();
    switch (session.start(heldThrough, fileKey, isRollbackModeWanted)) {
      case REPLICATING:
        captured();
        break;
      case REPLICA_UNKNOWN:
        notTakenSinceNanos = 0;
        autocheckpoint.lookedAt();
        course.ask(replicator);
        break;
      case NOT_TAKEN:
        if (drain.isWanted()) {
          throw ExclusiveLockingException.notTaken();
        }
        awaitExclusive(Course.RETRY_NANOS, ExclusiveLockingException.notTaken());
        break;
      case NOT_GIVEN_BACK:
        awaitExclusive(Course.RETRY_NANOS, ExclusiveLockingException.notGivenBack());
        break;
      case NOT_COUNTED:
        awaitExclusive(Pins.KEEP_UP_NANOS, ExclusiveLockingException.notCounted());
        break;
      case NOT_YET:
        autocheckpoint.lookedAt();
        // An empty file: the application has yet to write its first page.
        course.beginAt(clock.nanoTime() + Timetable.POLL_NANOS, "the database has no page yet");
        break;
      default:
        throw new AssertionError();
    }
  }

  private void captured() throws Exception {
    course.enter(DbState.REPLICATING, "the database is held, and nothing of it is missed");
    notTakenSinceNanos = 0;
    watch.begins(clock.nanoTime());
    local.captured();
    autocheckpoint.takeOver();
    suspension.captured(local.uploadedTxid());
    if (session.isAlone()) {
      events.followingAlone();
    }
  }

  /** Waits for a connection that wants the database to itself and cannot be followed yet. */
  private void awaitExclusive(long retryNanos, ExclusiveLockingException reason)
      throws ExclusiveLockingException {
    long now = clock.nanoTime();
    notTakenSinceNanos = notTakenSinceNanos == 0 ? now : notTakenSinceNanos;
    if (now - notTakenSinceNanos > NOT_TAKEN_TOLD_NANOS) {
      throw reason;
    }
    course.beginAt(now + retryNanos, "the only connection cannot be followed yet");
  }
}

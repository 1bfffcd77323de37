package io.walsync.db;

import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.checkpoint.Pins;
import io.walsync.sqlite.HostDriver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

  private final Parts parts;
  private final Watch watch;

  /** The copy of SQLite that the session's connections were opened with. */
  private @Nullable HostDriver heldThrough;

  /**
   * Since when a connection wants the database to itself and cannot be followed; 0 if none does.
   */
  private long notTakenSinceNanos;

  Opening(Parts parts, Watch watch) {
    this.parts = parts;
    this.watch = watch;
  }

  boolean isDue(long now) {
    boolean isTriedAtEnd = parts.drain.takeTry() && parts.course.is(DbState.SUSPENDED);
    return (parts.course.isStartDue(now) || isTriedAtEnd)
        && parts.driver.driver() != null
        && parts.connections.isAnyStaying()
        && !parts.connections.isExclusive();
  }

  /** Whether the application has loaded another copy of SQLite since capture began. */
  boolean isThroughAnotherDriver() {
    return heldThrough != parts.driver.driver();
  }

  void begin() throws Exception {
    Object fileKey = parts.connections.fileKey();
    HostDriver driver = parts.driver.driver();
    if (fileKey == null || driver == null) {
      return;
    }
    heldThrough = driver;
    boolean isRollbackModeWanted = parts.connections.isRollbackModeWanted();
    switch (parts.session.start(driver, fileKey, isRollbackModeWanted)) {
      case REPLICATING:
        captured();
        break;
      case REPLICA_UNKNOWN:
        notTakenSinceNanos = 0;
        parts.autocheckpoint.lookedAt();
        parts.course.ask(parts.replicator);
        break;
      case NOT_TAKEN:
        if (parts.drain.isWanted()) {
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
      case EMPTY:
        comesBack("the database has no page yet");
        break;
      case REPLACED:
        comesBack("another file stands at the path");
        break;
      default:
        throw new AssertionError();
    }
  }

  /** Looks again soon: what is waited for, the application does without telling. */
  private void comesBack(String reason) {
    parts.autocheckpoint.lookedAt();
    parts.course.beginAt(parts.clock.nanoTime() + Timetable.POLL_NANOS, reason);
  }

  private void captured() throws Exception {
    parts.course.enter(DbState.REPLICATING, "the database is held, and nothing of it is missed");
    notTakenSinceNanos = 0;
    watch.begins(parts.clock.nanoTime());
    parts.local.captured();
    parts.autocheckpoint.takeOver();
    parts.suspension.captured(parts.local.uploadedTxid());
    if (parts.session.isAlone()) {
      parts.events.followingAlone();
    }
  }

  /** Waits for a connection that wants the database to itself and cannot be followed yet. */
  private void awaitExclusive(long retryNanos, ExclusiveLockingException reason)
      throws ExclusiveLockingException {
    long now = parts.clock.nanoTime();
    notTakenSinceNanos = notTakenSinceNanos == 0 ? now : notTakenSinceNanos;
    if (now - notTakenSinceNanos > NOT_TAKEN_TOLD_NANOS) {
      throw reason;
    }
    parts.course.beginAt(now + retryNanos, "the only connection cannot be followed yet");
  }
}

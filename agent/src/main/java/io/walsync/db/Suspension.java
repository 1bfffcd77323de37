package io.walsync.db;

import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.ReplicatedElsewhereException;
import io.walsync.db.events.Unstored;
import io.walsync.io.Backoff;
import io.walsync.io.Reason;
import io.walsync.io.WallClock;
import io.walsync.sqlite.HostConnection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A time in which one database cannot be captured, from the first failure until it has been
 * captured for a while without another. Tells its beginning and its end, once each, and paces what
 * is tried meanwhile.
 *
 * <p>Threading: the database's thread, except where it says otherwise.
 */
final class Suspension {

  /** A first failure may pass by itself; from this many in a row on it is told. */
  private static final int TOLD_FROM_FAILURE = 4;

  /** An application that opens and closes without a pause holds the locks of a last close often. */
  private static final long LOCK_TOLD_MILLIS = 5_000;

  /** For so long, a lock is tried again this often: it may be held for a moment at a time. */
  private static final long LOCK_AGAIN_MILLIS = 500;

  private static final long FLOOR_MILLIS = 100;

  /** What a cause that goes away costs at most until we notice. */
  private static final long CAP_MILLIS = 10_000;

  /** What fails again sooner has not healed. */
  private static final long HEALED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Backoff backoff;
  private final DbEvents events;
  private final Unstored unstored;
  private final WallClock clock;
  private volatile long sinceMillis;
  private boolean isTold;

  /** Whether people know that the database is replicated, or was. */
  private boolean isAnnounced;

  /** Nothing else has failed since than to get a lock. */
  private boolean isOnlyLocked;

  private volatile Throwable cause;

  Suspension(Random random, DbEvents events, Unstored unstored, WallClock clock) {
    this.backoff = new Backoff(FLOOR_MILLIS, CAP_MILLIS, random);
    this.events = events;
    this.unstored = unstored;
    this.clock = clock;
  }

  /**
   * Something failed.
   *
   * @return nanoseconds until it is worth trying again
   */
  long failed(Throwable failure) {
    if (cause == null) {
      sinceMillis = clock.millis();
      isOnlyLocked = true;
    }
    isOnlyLocked &=
        failure instanceof SQLException && HostConnection.isBusy((SQLException) failure);
    cause = failure;
    long waitMillis = backoff.nextMillis();
    return TimeUnit.MILLISECONDS.toNanos(
        isLockOfAMoment() ? Math.min(LOCK_AGAIN_MILLIS, waitMillis) : waitMillis);
  }

  /** Tells people if it is time to; returns whether they have been told. */
  boolean tell(long uploadedTxid) {
    boolean isTime = backoff.failureCount() >= TOLD_FROM_FAILURE && !isLockOfAMoment();
    if (!isTold && (isTime || isExclusive())) {
      tellWhy(uploadedTxid);
      isTold = true;
    } else if (!isTold) {
      events.failedInPassing("trying again", cause);
    }
    return isTold;
  }

  private void tellWhy(long uploadedTxid) {
    if (isElsewhere()) {
      events.leftToAnother(Reason.of(cause));
    } else {
      events.suspended(cause, Math.min(sinceMillis, unstored.sinceMillis()), uploadedTxid);
    }
  }

  /** Whether nothing is in the way but a lock that others take for a moment. */
  boolean isLockOfAMoment() {
    return cause != null && isOnlyLocked && clock.millis() - sinceMillis < LOCK_TOLD_MILLIS;
  }

  /** Capture has begun; whether it lasts is another question, unless nothing but a lock failed. */
  void captured(long uploadedTxid) {
    if (cause == null || isOnlyLocked && !isTold) {
      tellReplicating(uploadedTxid);
    }
  }

  private void tellReplicating(long uploadedTxid) {
    if (!isAnnounced) {
      events.replicating(uploadedTxid);
    }
    isAnnounced = true;
  }

  /** The database has been captured without a failure for that long. */
  void survived(long nanos, long uploadedTxid) {
    if (cause != null && nanos >= HEALED_NANOS) {
      over(uploadedTxid);
    }
  }

  /** Everything that was committed is known and staged. */
  void over(long uploadedTxid) {
    cause = null;
    backoff.reset();
    if (isTold) {
      isTold = false;
      isAnnounced = true;
      events.replicatingAgain(sinceMillis);
    } else {
      tellReplicating(uploadedTxid);
    }
  }

  /** Whether another process takes care of the database. */
  boolean isElsewhere() {
    return cause instanceof ReplicatedElsewhereException;
  }

  /** Whether the application keeps the database for itself, which does not pass by itself. */
  boolean isExclusive() {
    return cause instanceof ExclusiveLockingException;
  }

  /** Milliseconds since the epoch; 0 if nothing failed. From any thread. */
  long sinceMillis() {
    return cause == null ? 0 : sinceMillis;
  }

  /** Why, in words; empty if nothing failed. From any thread. */
  String describe() {
    Throwable known = cause;
    return known == null ? "" : Reason.of(known);
  }
}

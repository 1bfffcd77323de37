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
import org.jspecify.annotations.Nullable;

/**
 * The time in which one database cannot be captured: from the first failure until it has been
 * captured for a while without another. Reports its beginning and its end, once each, and sets the
 * pauses between tries.
 *
 * <p>Threading: the database's thread, except where it says otherwise.
 */
final class Suspension {

  /**
   * Failures in a row from which on the suspension is reported: the first ones may pass by
   * themselves.
   */
  private static final int TOLD_FROM_FAILURE = 4;

  /**
   * A lock is reported only after this long: an application that opens and closes without a pause
   * often holds the locks of a last close.
   */
  private static final long LOCK_TOLD_MILLIS = 5_000;

  /** Longest pause between tries until then, since a lock may be held for a moment at a time. */
  private static final long LOCK_AGAIN_MILLIS = 500;

  private static final long FLOOR_MILLIS = 100;

  /** Longest pause between two tries: bounds how late it is noticed that the cause is gone. */
  private static final long CAP_MILLIS = 10_000;

  /** Capture must run this long without a failure before the suspension is over. */
  private static final long HEALED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Backoff backoff;
  private final DbEvents events;
  private final Unstored unstored;
  private final WallClock clock;
  private final Doubt doubt;
  private volatile long sinceMillis;
  private boolean isTold;

  /** Whether it has been reported that the database is replicated. */
  private boolean isAnnounced;

  /** Whether all failures so far were locks that could not be taken. */
  private volatile boolean isOnlyLocked;

  private volatile @Nullable Throwable cause;

  Suspension(Random random, DbEvents events, Unstored unstored, WallClock clock) {
    this.backoff = new Backoff(FLOOR_MILLIS, CAP_MILLIS, random);
    this.events = events;
    this.unstored = unstored;
    this.clock = clock;
    this.doubt = new Doubt(events);
  }

  /** The other reason for which commits are not captured for a while. */
  Doubt doubt() {
    return doubt;
  }

  /**
   * Notes a failure.
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

  /** Reports the suspension if it is time to; returns whether it has been reported. */
  boolean tell(long uploadedTxid) {
    boolean isTime = backoff.failureCount() >= TOLD_FROM_FAILURE && !isLockOfAMoment();
    if (!isTold && (isTime || isExclusive())) {
      tellWhy(uploadedTxid);
      isTold = true;
    } else if (!isTold) {
      events.failedInPassing("trying again", cause());
    }
    return isTold;
  }

  private Throwable cause() {
    Throwable known = cause;
    assert known != null : "nothing has failed";
    return known;
  }

  private void tellWhy(long uploadedTxid) {
    if (isElsewhere()) {
      events.leftToAnother(Reason.of(cause()));
    } else {
      events.suspended(cause(), Math.min(sinceMillis, unstored.sinceMillis()), uploadedTxid);
    }
  }

  /** Whether the only obstacle is a lock, and not for long yet. */
  boolean isLockOfAMoment() {
    return cause != null && isOnlyLocked && clock.millis() - sinceMillis < LOCK_TOLD_MILLIS;
  }

  /**
   * Notes that capture has begun. That does not end a suspension yet, unless only locks have
   * failed.
   */
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

  /** Notes that the database has been captured without a failure for this long. */
  void survived(long nanos, long uploadedTxid) {
    if (cause != null && nanos >= HEALED_NANOS) {
      over(uploadedTxid);
    }
  }

  /** Ends the suspension: everything committed is staged. */
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

  /** Whether another process replicates the database. */
  boolean isElsewhere() {
    return cause instanceof ReplicatedElsewhereException;
  }

  /**
   * Whether a connection keeps the database to itself in a way that cannot be followed. That does
   * not pass by itself.
   */
  boolean isExclusive() {
    return cause instanceof ExclusiveLockingException;
  }

  /** Milliseconds since the epoch; 0 if nothing failed. From any thread. */
  long sinceMillis() {
    return cause == null ? 0 : sinceMillis;
  }

  /** The cause in words; empty if nothing failed. From any thread. */
  String describe() {
    Throwable known = cause;
    return known == null ? "" : Reason.of(known);
  }
}

package io.walsync.db;

import io.walsync.db.application.Autocheckpoint;
import io.walsync.db.application.Connections;
import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Refusal;
import io.walsync.db.local.LocalState;
import io.walsync.db.staging.DiskFullException;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.db.upload.Replicator;
import io.walsync.io.Clock;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Decides what becomes of a database after a failure: it is begun again, now or later, from what is
 * still known, or refused.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Setback {

  private final File path;
  private final Course course;
  private final Connections connections;
  private final Clock clock;
  private final Session session;
  private final LocalState local;
  private final Replicator replicator;
  private final Suspension suspension;
  private final Autocheckpoint autocheckpoint;
  private final Closing closing;
  private final DbEvents events;

  Setback(Parts parts, Closing closing) {
    this.path = parts.path;
    this.course = parts.course;
    this.connections = parts.connections;
    this.clock = parts.clock;
    this.session = parts.session;
    this.local = parts.local;
    this.replicator = parts.replicator;
    this.suspension = parts.suspension;
    this.autocheckpoint = parts.autocheckpoint;
    this.closing = closing;
    this.events = parts.events;
  }

  /** Releases everything and begins again at a time. */
  void beginAgainAt(long nanos, String reason) {
    session.abandon();
    closing.forget();
    course.beginAt(nanos, reason);
  }

  /** Ends replication of the database in this process. */
  void refuse(Refusal found) {
    course.refuse(found);
    session.abandon();
    autocheckpoint.giveBack();
    if (found.code() == Refusal.Code.FENCED) {
      noteFence(found);
    }
    events.refused(found);
  }

  /** For whoever asks with the command line, since the next start tries again. */
  private void noteFence(Refusal found) {
    try {
      local.noteFence(found.laterText(), clock.millis());
    } catch (IOException | RuntimeException | Error e) {
      events.failedInPassing("while noting who is fenced", e);
    }
  }

  /** What the folder says is not known to be what the database was: asks the replica. */
  void retire() throws IOException {
    session.abandon();
    closing.forget();
    local.retire();
    course.beginAt(clock.nanoTime(), "the local state is not what the replica holds");
  }

  /** As {@link #retire}, but a failure suspends the database. */
  void askReplica() {
    try {
      retire();
    } catch (Throwable e) {
      suspend(e);
    }
  }

  /**
   * Gives up damaged local state, which must not reach the replica, and begins from what the
   * replica has.
   */
  void giveUpLocalState(StagingDamagedException damage) {
    beginAgainAt(clock.nanoTime(), "the local state is damaged");
    try {
      if (local.isOpen() && !connections.isAnyOpen() && !path.exists()) {
        vanish(true);
        return;
      }
      local.lost(damage.getMessage());
    } catch (Throwable e) {
      suspend(e);
    }
  }

  /** Closes the staging folder without a write: it may be being deleted. */
  private void vanish(boolean isAnythingLost) throws IOException {
    session.abandon();
    local.vanished(isAnythingLost);
    closing.accountedFor();
    course.beginAt(clock.nanoTime(), "the database and its folder are deleted");
  }

  /**
   * Closes the folder of a database that is new to this machine and that the application has
   * deleted.
   */
  void vanishIfDeleted() throws IOException {
    boolean isDeleted =
        course.is(DbState.ASKING)
            && local.isOpen()
            && !local.isInitialised()
            && !connections.isAnyOpen()
            && !path.exists();
    if (isDeleted && !isAnythingStaged()) {
      vanish(false);
    }
  }

  private boolean isAnythingStaged() throws IOException {
    if (!replicator.hasSealed() && !session.hasPending()) {
      return false;
    }
    local.staging().checkStillThere();
    return true;
  }

  /** Suspends the database after a failure that may pass. */
  void suspend(Throwable cause) {
    boolean isAsked = course.is(DbState.ASKING) && replicator.isBusy();
    if (!isAsked && !course.hasLeft()) {
      course.enter(DbState.SUSPENDED, cause);
    }
    long waitNanos = suspension.failed(cause);
    boolean endsSoon = cause instanceof ExclusiveLockingException;
    course.startAt(clock.nanoTime() + (endsSoon ? Course.RETRY_NANOS : waitNanos));
    closing.forget();
    session.abandon();
    try {
      if (!(cause instanceof SQLException)) {
        local.suspect();
      }
      if (suspension.tell(local.uploadedTxid())) {
        autocheckpoint.giveBack();
        if (cause instanceof DiskFullException) {
          local.giveUpSegments();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      // It is tried again at the next failure.
      events.failedInPassing("while suspending", e);
    }
  }
}

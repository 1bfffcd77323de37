package io.walsync.db;

import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.application.SwitchHeldUpException;
import io.walsync.db.events.Refusal;
import io.walsync.db.staging.DiskFullException;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.io.Reason;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Decides what becomes of a database after a failure: it is begun again, now or later, from what is
 * still known, or refused.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Setback {

  private final Parts parts;
  private final Closing closing;

  Setback(Parts parts, Closing closing) {
    this.parts = parts;
    this.closing = closing;
  }

  /** Releases everything and begins again at a time. */
  void beginAgainAt(long nanos, String reason) {
    parts.session.abandon();
    closing.forget();
    parts.course.beginAt(nanos, reason);
  }

  /** Ends replication of the database in this process. */
  void refuse(Refusal found) {
    parts.course.refuse(found);
    parts.session.abandon();
    parts.autocheckpoint.giveBack();
    if (found.code() == Refusal.Code.FENCED) {
      noteFence(found);
    }
    parts.events.refused(found);
  }

  /** For whoever asks with the command line, since the next start tries again. */
  private void noteFence(Refusal found) {
    try {
      parts.local.noteFence(found.laterText(), parts.clock.millis());
    } catch (IOException | RuntimeException | Error e) {
      parts.events.failedInPassing("while noting who is fenced", e);
    }
  }

  /** What the folder says is not known to be what the database was: asks the replica. */
  void retire() throws IOException {
    parts.session.abandon();
    closing.forget();
    parts.local.retire();
    parts.course.beginAt(parts.clock.nanoTime(), "the local state is not what the replica holds");
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
    beginAgainAt(parts.clock.nanoTime(), "the local state is damaged");
    try {
      if (parts.local.isOpen() && !parts.connections.isAnyOpen() && !parts.path.exists()) {
        vanish(true);
        return;
      }
      parts.local.lost(Reason.of(damage));
    } catch (Throwable e) {
      suspend(e);
    }
  }

  /** Closes the staging folder without a write: it may be being deleted. */
  private void vanish(boolean isAnythingLost) throws IOException {
    parts.session.abandon();
    parts.local.vanished(isAnythingLost);
    closing.accountedFor();
    parts.course.beginAt(parts.clock.nanoTime(), "the database and its folder are deleted");
  }

  /**
   * Closes the folder of a database that is new to this machine and that the application has
   * deleted.
   */
  void vanishIfDeleted() throws IOException {
    boolean isDeleted =
        parts.course.is(DbState.ASKING)
            && parts.local.isOpen()
            && !parts.local.isInitialised()
            && !parts.connections.isAnyOpen()
            && !parts.path.exists();
    if (isDeleted && !isAnythingStaged()) {
      vanish(false);
    }
  }

  private boolean isAnythingStaged() throws IOException {
    if (!parts.replicator.hasSealed() && !parts.session.backlog().hasPending()) {
      return false;
    }
    parts.local.staging().checkStillThere();
    return true;
  }

  /** Suspends the database after a failure that may pass. */
  void suspend(Throwable cause) {
    boolean isAsked = parts.course.is(DbState.ASKING) && parts.replicator.isBusy();
    if (!isAsked && !parts.course.hasLeft()) {
      parts.course.enter(DbState.SUSPENDED, cause);
    }
    long waitNanos = parts.suspension.failed(cause);
    boolean endsSoon =
        cause instanceof ExclusiveLockingException || cause instanceof SwitchHeldUpException;
    parts.course.startAt(parts.clock.nanoTime() + (endsSoon ? Course.RETRY_NANOS : waitNanos));
    closing.forget();
    parts.session.abandon();
    try {
      if (!(cause instanceof SQLException)) {
        parts.local.suspect();
      }
      if (parts.suspension.tell(parts.local.uploadedTxid())) {
        parts.autocheckpoint.giveBack();
        if (cause instanceof DiskFullException) {
          parts.local.giveUpSegments();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      // It is tried again at the next failure.
      parts.events.failedInPassing("while suspending", e);
    }
  }
}

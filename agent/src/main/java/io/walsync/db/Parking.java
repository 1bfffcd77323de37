package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.local.LocalState;
import io.walsync.db.upload.Replicator;
import io.walsync.files.DatabaseFile;
import io.walsync.hook.Openings;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Closes the staging folder and releases its lock while the database is closed in this process and
 * the store has everything. So a process that has opened a thousand databases pays only for those
 * open now. The next open takes the folder again, unless another process has it by then.
 *
 * <p>Threading: the database's thread, except where it says otherwise.
 */
final class Parking {

  /**
   * Time from the last close until the folder is parked, in case the application opens the database
   * again soon.
   */
  private static final long AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long NEVER = -1;

  private final Connections connections;
  private final LocalState local;
  private final Replicator replicator;
  private final Session session;
  private final DbEvents events;
  private final File path;
  private volatile boolean isHurried;
  private boolean isWaiting;
  private long idleSinceNanos;

  /** {@link Connections#openedCount} when the folder was last found parked. */
  private volatile long parkedCount = NEVER;

  /** {@link Connections#openedCount} when the descriptor of the database file was last closed. */
  private long letGoCount = NEVER;

  Parking(
      File path,
      Connections connections,
      LocalState local,
      Replicator replicator,
      Session session,
      DbEvents events) {
    this.path = path;
    this.connections = connections;
    this.local = local;
    this.replicator = replicator;
    this.session = session;
    this.events = events;
  }

  /** From any thread: has the folder parked in the next turn, without the wait. */
  void hurry() {
    isHurried = true;
  }

  /** From any thread: whether nobody has opened the database since it was parked. */
  boolean isUndisturbed() {
    return connections.isUnusedSince(parkedCount);
  }

  /** From any thread: nothing of the replica's past is worked on any more. */
  void leavePast() {
    replicator.compactor().stop();
  }

  /** From any thread: whether the database is closed and its folder is not parked yet. */
  boolean isDueLater() {
    return local.isOpen() && !connections.isUsed();
  }

  /**
   * Parks the folder if it is time to; called at the end of each turn.
   *
   * @param isSettled whether the last close is accounted for
   * @param isRefused whether nothing of the database will ever be uploaded by this process
   */
  void look(boolean isSettled, boolean isRefused, long nowNanos) {
    long openedCount = connections.openedCount();
    boolean isDone = isSettled && !isAnythingStaged() || isRefused;
    if (!isDone || connections.isUsed() || replicator.isBusy()) {
      isWaiting = false;
      return;
    }
    if (!isWaiting) {
      isWaiting = true;
      idleSinceNanos = nowNanos;
    }
    if (local.isOpen() && waitNanos(nowNanos) <= 0) {
      park();
    }
    if (!local.isOpen()) {
      isHurried = false;
      if (letGoCount != openedCount) {
        letFileGo();
      }
      letGoCount = openedCount;
      if (!isRefused || !session.hasContent()) {
        // A refused database must not be forgotten: the next open would begin to replicate it.
        parkedCount = openedCount;
      }
    }
  }

  /**
   * Closes the last descriptor of the database file, so that a file system with only closed
   * databases can be unmounted. It stays open if it cannot be proved that the close drops no lock.
   */
  private void letFileGo() {
    try {
      DatabaseFile file = session.hasContent() ? DatabaseFile.ifOpen(path) : null;
      if (file != null) {
        Openings.OF_PROCESS.closeBetween(file::closeAlone);
      }
    } catch (IOException | RuntimeException e) {
      events.failedInPassing("while letting go of a closed database", e);
    }
  }

  private boolean isAnythingStaged() {
    return replicator.hasSealed() || session.backlog().hasPending();
  }

  private void park() {
    try {
      local.park(session.hasContent());
      events.decided(
          Decision.FOLDER_PARKED, "nobody has the database open, and nothing waits for the store");
    } catch (IOException | RuntimeException e) {
      // The files in the folder are verified when it is opened again.
      events.failedInPassing("while giving back a staging folder", e);
    }
  }

  /** Nanoseconds until the folder is to be parked; {@link Timetable#UNTIL_COMMIT} if it is not. */
  long waitNanos(long nowNanos) {
    if (!isWaiting || !local.isOpen()) {
      return Timetable.UNTIL_COMMIT;
    }
    return isHurried ? 0 : Math.max(0, idleSinceNanos + AFTER_NANOS - nowNanos);
  }
}

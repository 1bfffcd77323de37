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
 * Gives back the staging folder, its lock and its descriptors, while the database is closed in this
 * process and the store has everything: a process that has opened a thousand databases holds what
 * those need that are open. The next open takes the folder again, if nobody else has it by then.
 *
 * <p>Threading: the database's thread, except where it says otherwise.
 */
final class Parking {

  /** An application that opens its database again soon finds the folder open. */
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

  /** How many connections had been opened when it was last found parked. */
  private volatile long parkedCount = NEVER;

  /** How many had been opened when the last descriptor of the file was let go. */
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

  /** From any thread: the next turn does not wait any longer. */
  void hurry() {
    isHurried = true;
  }

  /** From any thread: whether nobody has opened the database since it was parked. */
  boolean isUndisturbed() {
    return connections.isUnusedSince(parkedCount);
  }

  /** From any thread: whether it is closed, and may be parked once it is due. */
  boolean isDueLater() {
    return local.isOpen() && !connections.isUsed();
  }

  /**
   * A look at the end of each turn.
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
        // What is forgotten would be begun with again.
        parkedCount = openedCount;
      }
    }
  }

  /**
   * The last descriptor: a file system with nothing but closed databases can be unmounted. It stays
   * where it cannot be proved that no lock is dropped with it.
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
    return replicator.hasSealed() || session.hasPending();
  }

  private void park() {
    try {
      local.park(session.hasContent());
      events.decided(
          Decision.FOLDER_PARKED, "nobody has the database open, and nothing waits for the store");
    } catch (IOException | RuntimeException e) {
      // What lies in the folder is proved when it is opened again.
      events.failedInPassing("while giving back a staging folder", e);
    }
  }

  /** Nanoseconds until it is due; {@link Timetable#UNTIL_COMMIT} if there is nothing to do. */
  long waitNanos(long nowNanos) {
    if (!isWaiting || !local.isOpen()) {
      return Timetable.UNTIL_COMMIT;
    }
    return isHurried ? 0 : Math.max(0, idleSinceNanos + AFTER_NANOS - nowNanos);
  }
}

package io.walsync.db;

import io.walsync.db.local.LocalState;
import io.walsync.db.local.StagingRoom;
import java.io.IOException;

/**
 * What has been committed to a database and is not in the store yet: in the WAL, staged, or sealed.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Backlog implements Timetable.Work {

  private final LocalState local;
  private final Grip grip;
  private final StagingRoom room;

  Backlog(LocalState local, Grip grip, StagingRoom room) {
    this.local = local;
    this.grip = grip;
    this.room = room;
  }

  @Override
  public boolean isPinned() {
    return grip.isPinned();
  }

  /** Whether commits wait in the WAL that are in no staged file yet. */
  boolean hasBatch() {
    return grip.isOpen() && grip.capture().hasBatch();
  }

  boolean hasStaged() {
    return local.hasSegments();
  }

  /** Whether a commit of the sole connection has failed and it is not known whether it counts. */
  boolean isInDoubt() {
    return grip.isOpen() && grip.hold().isInDoubt();
  }

  boolean hasPending() {
    return hasUnsealed() || isInDoubt();
  }

  @Override
  public boolean hasUnsealed() {
    return hasBatch() || hasStaged();
  }

  @Override
  public boolean hasSealed() {
    return local.hasSealed();
  }

  @Override
  public boolean canSeal() {
    return !local.isSuspect() && hasStaged();
  }

  /** Seals the next L0 file, of what is staged first; returns false if there are no commits. */
  boolean seal() throws IOException {
    if (local.isSuspect()) {
      return false;
    }
    boolean hasBatch = hasBatch() && grip.hold().isProtected();
    if (!hasStaged()) {
      if (hasBatch) {
        grip.capture().sealDirectly();
      }
      return hasBatch;
    }
    if (hasBatch && room.isThereFor(grip.capture())) {
      grip.capture().copy();
    }
    local.sealer().seal();
    return true;
  }
}

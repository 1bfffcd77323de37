package io.walsync.db.local;

import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import org.jspecify.annotations.Nullable;

/**
 * The staging folder of one database, which is open, parked or closed.
 *
 * <p>Threading: changed on the database's thread, read from any.
 */
final class Folder {

  /** Null while the folder is parked or closed. */
  private volatile @Nullable Staging open;

  /** What was parked; null unless it is. */
  private volatile @Nullable ParkedFolder parked;

  boolean isOpen() {
    return open != null;
  }

  boolean isParked() {
    return parked != null;
  }

  /** The open folder; null unless it is. */
  @Nullable Staging ifOpen() {
    return open;
  }

  /** The open folder; only while it is. */
  Staging staging() {
    Staging staging = open;
    assert staging != null : "the folder is not open";
    return staging;
  }

  /** Whether it is open and says what the replica holds. */
  boolean isInitialised() {
    Staging staging = open;
    return staging != null && staging.saved() != null;
  }

  void opened(Staging staging) {
    open = staging;
  }

  /** Parks the open folder; the caller closes it. */
  void park(Staging closing) {
    parked = ParkedFolder.of(closing);
    open = null;
  }

  /** Ends the parking; returns what was parked, or null. */
  @Nullable ParkedFolder unpark() {
    ParkedFolder left = parked;
    parked = null;
    return left;
  }

  /** The folder is not open any more; the caller closes it. */
  void closed() {
    open = null;
  }

  /** What it says, or said when it was parked; null if neither is known. */
  @Nullable Position lastKnown() {
    Staging staging = open;
    Position current = staging == null ? null : staging.saved();
    ParkedFolder left = parked;
    return current == null && left != null ? left.position() : current;
  }

  /** Bytes that wait for the store. */
  long stagedBytes() {
    Staging staging = open;
    ParkedFolder left = parked;
    return staging == null ? left == null ? 0 : left.stagedBytes() : staging.stagedBytes();
  }

  /** Whether a sealed file waits for the store. */
  boolean hasSealed() {
    Staging staging = open;
    ParkedFolder left = parked;
    return staging == null ? left != null && left.hasSealed() : !staging.sealed().isEmpty();
  }
}

package io.walsync.db.capture;

import io.walsync.db.tail.WalIndex;
import io.walsync.db.tail.WalPlace;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;

/**
 * How an idle database was left, with all its commits copied, when the agent closed its
 * connections. It is enough to see with two system calls that the database is still idle, and to
 * prove later that nothing was missed.
 *
 * <p>While another connection keeps the WAL, SQLite's own count tells both. If the agent's
 * connection was the last, there is no WAL, and the database file must be unchanged.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Rest {

  private final File path;
  private final DatabaseFile file;

  /** The wal-index, open until {@link #end}; null if there is no WAL. */
  private final WalIndex index;

  private final WalCount count;
  private final WalPlace place;

  /** Identity of the database file as it was left; null if there is a WAL. */
  private final FileIdentity closed;

  /** Whether a connection of the application in this process keeps the wal-index open. */
  private boolean isKeptHere;

  private Rest(
      File path,
      DatabaseFile file,
      WalIndex index,
      WalCount count,
      WalPlace place,
      FileIdentity closed) {
    this.path = path;
    this.file = file;
    this.index = index;
    this.count = count;
    this.place = place;
    this.closed = closed;
  }

  /**
   * A rest beside connections of others, which keep the WAL.
   *
   * @param tail has copied everything that SQLite counts
   * @return null if it could not be proved later that nothing was missed
   */
  public static Rest besideOthers(File path, DatabaseFile file, WalTail tail) throws IOException {
    WalPlace place = tail.place();
    WalCount count = tail.count();
    WalIndex index = WalIndex.of(path);
    boolean isProvable =
        place != null && index != null && tail.isAt(count) && tail.isIndexInPlace();
    if (!isProvable) {
      return null;
    }
    index.addReader();
    return new Rest(path, file, index, count, place, null);
  }

  /**
   * A rest with no connection open and no WAL.
   *
   * @param closed identity of the file at that moment
   */
  public static Rest alone(File path, DatabaseFile file, FileIdentity closed) {
    return new Rest(path, file, null, null, null, closed);
  }

  /** Whether somebody else's connection had read the database and stayed. */
  public boolean isBesideOthers() {
    return place != null;
  }

  /** Whether nobody has committed since the rest began. */
  public boolean isUndisturbed() throws IOException {
    if (index == null) {
      return !WalIndex.pathOf(path).exists();
    }
    return index.isBeside(path) && count.isSame(index.count());
  }

  /**
   * Called when the agent's connections are closed: finds out whether one of the application keeps
   * the wal-index open. A connection that has read nothing yet does not.
   */
  public void begin() {
    isKeptHere = index != null && index.isHeldHere(path);
  }

  /** Whether a connection of the application's keeps the WAL, and with it SQLite's locks. */
  public boolean isKeptHere() {
    return isKeptHere;
  }

  /** As {@link #begin}, before the agent connects again. */
  public void beforeConnecting() {
    isKeptHere = isKeptHere && index.isHeldHere(path);
  }

  /** The database file that rests. */
  public DatabaseFile file() {
    return file;
  }

  /**
   * Sets the tail to the place where the rest began, if nothing can have been missed. The caller
   * must look at the WAL after this call.
   *
   * @return false if that cannot be proved
   */
  public boolean isContinuedBy(WalTail tail) throws IOException {
    if (place != null) {
      return tail.startAt(isKeptHere ? place.keptHere() : place);
    }
    if (!FileIdentity.of(path).isUnchanged(closed)) {
      return false;
    }
    tail.startAtBeginning();
    return true;
  }

  /** Ends the rest and closes what is open for it. */
  public void end() {
    if (index != null) {
      index.removeReader();
    }
  }
}

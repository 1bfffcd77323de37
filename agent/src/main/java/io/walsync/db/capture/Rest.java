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
 * How an idle database was left, with everything in it copied, when the agent closed its
 * connections: enough to see for the price of two system calls that it is idle still, and to prove
 * afterwards that nothing was missed.
 *
 * <p>While a connection of somebody else's keeps the WAL, SQLite's own count tells both. If ours
 * was the last, there is no WAL; then the database file must be as it was left.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Rest {

  private final File path;
  private final DatabaseFile file;

  /** Null if there is no WAL; else it is read until {@link #end}. */
  private final WalIndex index;

  private final WalCount count;
  private final WalPlace place;

  /** Null while there is a WAL. */
  private final FileIdentity closed;

  /** Whether this process keeps the wal-index open without the agent. */
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
   * Beside connections of others.
   *
   * @param tail has copied everything that SQLite counts
   * @return null if that cannot be proved later
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
   * With nobody connected.
   *
   * @param closed what the file was like then
   */
  public static Rest alone(File path, DatabaseFile file, FileIdentity closed) {
    return new Rest(path, file, null, null, null, closed);
  }

  /** Whether somebody else's connection had read the database and stayed. */
  public boolean isBesideOthers() {
    return place != null;
  }

  /** Whether nobody has committed since. */
  public boolean isUndisturbed() throws IOException {
    if (index == null) {
      return !WalIndex.pathOf(path).exists();
    }
    return index.isBeside(path) && count.isSame(index.count());
  }

  /**
   * Without a connection of the agent's: sees whether one of the application's keeps the wal-index
   * open. One that has read nothing yet does not.
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

  /** The file that was held. */
  public DatabaseFile file() {
    return file;
  }

  /**
   * Has the tail go on from here, if nothing can have been missed: the looks that follow find out.
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

  /** It is not looked at any more. */
  public void end() {
    if (index != null) {
      index.removeReader();
    }
  }
}

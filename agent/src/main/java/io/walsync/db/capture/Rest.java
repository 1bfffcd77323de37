package io.walsync.db.capture;

import io.walsync.db.tail.WalIndex;
import io.walsync.db.tail.WalPlace;
import io.walsync.db.tail.WalTail;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
public abstract class Rest {

  final File path;
  final DatabaseFile file;

  private Rest(File path, DatabaseFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * A rest beside connections of others, which keep the WAL.
   *
   * @param tail has copied everything that SQLite counts
   * @return null if it could not be proved later that nothing was missed
   */
  public static @Nullable Rest besideOthers(File path, DatabaseFile file, WalTail tail)
      throws IOException {
    WalPlace place = tail.place();
    WalCount count = tail.count();
    WalIndex index = WalIndex.of(path);
    if (place == null || count == null || index == null) {
      return null;
    }
    if (!tail.isAt(count) || !tail.isIndexInPlace()) {
      return null;
    }
    index.addReader();
    return new BesideOthers(path, file, index, count, place);
  }

  /**
   * A rest with no connection open and no WAL.
   *
   * @param closed identity of the file at that moment
   */
  public static Rest alone(File path, DatabaseFile file, FileIdentity closed) {
    return new Alone(path, file, closed);
  }

  /** Whether somebody else's connection had read the database and stayed. */
  public abstract boolean isBesideOthers();

  /** Whether nobody has committed since the rest began. */
  public abstract boolean isUndisturbed() throws IOException;

  /**
   * Called when the agent's connections are closed: finds out whether one of the application keeps
   * the wal-index open. A connection that has read nothing yet does not.
   */
  public abstract void begin();

  /** Whether a connection of the application's keeps the WAL, and with it SQLite's locks. */
  public abstract boolean isKeptHere();

  /** As {@link #begin}, before the agent connects again. */
  public abstract void beforeConnecting();

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
  public abstract boolean isContinuedBy(WalTail tail) throws IOException;

  /** Ends the rest and closes what is open for it. */
  public abstract void end();

  private static final class BesideOthers extends Rest {

    /** Open until {@link #end}. */
    private final WalIndex index;

    private final WalCount count;
    private final WalPlace place;

    /** Whether a connection of the application in this process keeps the wal-index open. */
    private boolean isKeptHere;

    BesideOthers(File path, DatabaseFile file, WalIndex index, WalCount count, WalPlace place) {
      super(path, file);
      this.index = index;
      this.count = count;
      this.place = place;
    }

    @Override
    public boolean isBesideOthers() {
      return true;
    }

    @Override
    public boolean isUndisturbed() throws IOException {
      return index.isBeside(path) && count.isSame(index.count());
    }

    @Override
    public void begin() {
      isKeptHere = index.isHeldHere(path);
    }

    @Override
    public boolean isKeptHere() {
      return isKeptHere;
    }

    @Override
    public void beforeConnecting() {
      isKeptHere = isKeptHere && index.isHeldHere(path);
    }

    @Override
    public boolean isContinuedBy(WalTail tail) throws IOException {
      return tail.startAt(isKeptHere ? place.keptHere() : place);
    }

    @Override
    public void end() {
      index.removeReader();
    }
  }

  private static final class Alone extends Rest {

    /** Identity of the database file as it was left. */
    private final FileIdentity closed;

    Alone(File path, DatabaseFile file, FileIdentity closed) {
      super(path, file);
      this.closed = closed;
    }

    @Override
    public boolean isBesideOthers() {
      return false;
    }

    @Override
    public boolean isUndisturbed() {
      return !WalIndex.pathOf(path).exists();
    }

    @Override
    public void begin() {}

    @Override
    public boolean isKeptHere() {
      return false;
    }

    @Override
    public void beforeConnecting() {}

    @Override
    public boolean isContinuedBy(WalTail tail) throws IOException {
      if (!FileIdentity.of(path).isUnchanged(closed)) {
        return false;
      }
      tail.startAtBeginning();
      return true;
    }

    @Override
    public void end() {}
  }
}

package io.walsync.db;

import io.walsync.db.application.WalMode;
import io.walsync.db.capture.Hold;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.local.LocalState;
import io.walsync.db.staging.Position;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalFile;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Releases a database when the application closes it, and takes in what the last close has left
 * behind.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class LastClose {

  /** What is known of a closed database. */
  enum Settlement {
    /** Everything that the replica lacks is staged. */
    ACCOUNTED_FOR,

    /** There is no local state: what the replica has must be known first. */
    REPLICA_UNKNOWN,

    /**
     * The whole database has to be compared, and a thread of the application must not wait for
     * that.
     */
    COMPARISON_NEEDED,

    /** There is no file at the path, or it is empty. */
    NOTHING_THERE
  }

  private final File path;
  private final LocalState local;
  private final Grip grip;
  private final LeavingNote note;
  private final Ownership ownership;
  private final WalMode walMode;
  private final Entrance entrance;
  private final ComparisonPace pace;

  LastClose(
      File path,
      LocalState local,
      Grip grip,
      LeavingNote note,
      Ownership ownership,
      WalMode walMode,
      Entrance entrance,
      ComparisonPace pace) {
    this.path = path;
    this.local = local;
    this.grip = grip;
    this.note = note;
    this.ownership = ownership;
    this.walMode = walMode;
    this.entrance = entrance;
    this.pace = pace;
  }

  /**
   * Called before a close: copies the last commits and closes the agent's connections. The WAL
   * stays open, so that what the application leaves behind can be read.
   *
   * @param isLast whether no connection of the application stays open
   */
  void begins(boolean isLast) throws IOException, SQLException {
    if (isLast && local.isParked()) {
      local.open();
    }
    if (grip.isOpen() && isOutdated(grip.hold())) {
      grip.close();
    }
    boolean isFirstLook = isLast && !grip.isOpen() && isFollowable();
    if (isFirstLook) {
      local.open();
    }
    if (!grip.isOpen() && (isLast || grip.isResting()) && local.isInitialised()) {
      grip.follow();
    }
    if (isFirstLook && !grip.isOpen()) {
      // Look now: the close may remove the WAL.
      local.look(DatabaseFile.of(path), null);
    }
    if (!grip.isOpen()) {
      grip.close();
      return;
    }
    Hold hold = grip.hold();
    try {
      grip.capture().copy();
      if (hold.isAlone()) {
        grip.rememberPlace();
      }
    } catch (WalChangedException gap) {
      local.forgetPlace();
    } finally {
      grip.leave(Entrance.Step::take);
    }
  }

  private static boolean isOutdated(Hold hold) {
    // If no connection that stays has read anything yet, SQLite may have taken another close for
    // the
    // last one. Then the WAL that is open here has been removed.
    return hold.isOver()
        || !hold.isAlone() && !hold.pins().isOpen() && !hold.tail().isIndexInPlace();
  }

  private boolean isFollowable() throws IOException {
    DatabaseFile file = DatabaseFile.of(path);
    return file.pageSize() != 0 && file.isWalMode();
  }

  /**
   * Called after the last close.
   *
   * @param closedMillis when the close returned, milliseconds since the epoch
   * @param mayCompare whether there is time to compare the whole database; false while a thread of
   *     the application waits
   */
  Settlement settle(HostDriver lastDriver, long closedMillis, boolean mayCompare)
      throws IOException, SQLException {
    if (path.length() == 0) {
      grip.close();
      return Settlement.NOTHING_THERE;
    }
    if (grip.isResting() && local.isInitialised()) {
      // The close did not wait for the agent.
      grip.follow();
    }
    boolean isPlaceKnown = grip.isOpen() && settleHold(closedMillis);
    grip.close();
    walMode.require(DatabaseFile.of(path), lastDriver, false);
    if (walMode.isOpen()) {
      entrance.alone(walMode::leave);
    }
    local.open();
    if (!local.isInitialised()) {
      local.look(DatabaseFile.of(path), null);
      return Settlement.REPLICA_UNKNOWN;
    }
    Position position = local.position();
    // Asked only now, because the switch to WAL may just have written the file.
    boolean isKnown =
        position.wal() == null
            ? FileIdentity.of(path).text().equals(position.closedDatabase())
            : isPlaceKnown;
    if (!isKnown) {
      if (!mayCompare) {
        return Settlement.COMPARISON_NEEDED;
      }
      compare(lastDriver);
    }
    pace.caughtUp();
    return Settlement.ACCOUNTED_FOR;
  }

  /** Compares a database that nobody in this process has open, under a pin. */
  private void compare(HostDriver lastDriver) throws IOException, SQLException {
    grip.use(lastDriver);
    ownership.forget();
    grip.take(DatabaseFile.of(path), entrance::alone);
    // What another process writes at this moment is found at the next open, by another comparison.
    settleHold(System.currentTimeMillis());
  }

  /**
   * Releases the hold and notes how the database was left.
   *
   * @return whether everything that SQLite counted is staged and the place is noted, so that later
   *     commits can be found
   */
  private boolean settleHold(long closedMillis) throws IOException, SQLException {
    Hold hold = grip.hold();
    try {
      boolean isClosedByUs = hold.pins().isOpen();
      FileIdentity before = isClosedByUs ? FileIdentity.of(path) : null;
      if (isClosedByUs) {
        grip.leave(entrance::alone);
      }
      long endMillis = isClosedByUs ? System.currentTimeMillis() : closedMillis;
      // A wal-index and a WAL that the last close has removed can still be read.
      grip.capture().copy();
      if (hold.isInDoubt() || hold.isOver()) {
        local.forgetPlace();
        return false;
      }
      if (hold.isAlone() && WalFile.pathOf(path).exists()) {
        return note.walIsKept(hold);
      }
      if (hold.tail().isIndexInPlace()) {
        grip.rememberPlace();
        return note.walIsKept(hold);
      }
      return hold.tail().hasCount() && note.walIsRemoved(hold, before, endMillis) != null;
    } catch (WalChangedException gap) {
      local.forgetPlace();
      return false;
    } finally {
      hold.tail().closeRemoved(hold.file());
      grip.close();
    }
  }
}

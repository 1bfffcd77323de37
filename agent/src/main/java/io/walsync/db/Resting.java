package io.walsync.db;

import io.walsync.db.application.Surroundings;
import io.walsync.db.capture.Hold;
import io.walsync.db.capture.Rest;
import io.walsync.db.local.LocalState;
import io.walsync.db.tail.WalChangedException;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Releases an idle database for a rest and takes hold of it again: see {@link Rest}.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Resting {

  private final File path;
  private final LocalState local;
  private final Grip grip;
  private final LeavingNote note;
  private final Entrance entrance;
  private final Surroundings surroundings;

  Resting(
      File path,
      LocalState local,
      Grip grip,
      LeavingNote note,
      Entrance entrance,
      Surroundings surroundings) {
    this.path = path;
    this.local = local;
    this.grip = grip;
    this.note = note;
    this.entrance = entrance;
    this.surroundings = surroundings;
  }

  /**
   * Begins a rest: closes the agent's connections, which cost some 150 KB and six descriptors. From
   * now on SQLite's count is looked at. If it is not known how the database was left, takes hold
   * again.
   */
  void begin() throws IOException, SQLException {
    Hold hold = grip.hold();
    Rest left = Rest.besideOthers(path, hold.file(), hold.tail());
    if (left == null) {
      return;
    }
    DatabaseFile file = hold.file();
    try {
      left = leave(left);
    } catch (IOException | SQLException | RuntimeException | Error e) {
      left.end();
      throw e;
    }
    if (left == null) {
      grip.take(file, entrance::alone, held -> false);
      return;
    }
    local.staging().checksums().close();
    left.begin();
    surroundings.rests(left.isKeptHere());
    grip.rest(left);
  }

  /** Closes the connections; null if it is not known how the database was left. */
  private @Nullable Rest leave(Rest besideOthers) throws IOException, SQLException {
    FileIdentity before = FileIdentity.of(path);
    grip.leave(entrance::alone);
    Rest left = besideOthers;
    if (!grip.hold().tail().isIndexInPlace()) {
      left = alone(before);
    }
    grip.close();
    if (left != besideOthers) {
      besideOthers.end();
    }
    return left;
  }

  /**
   * The rest after SQLite has removed the WAL, because only the agent's connection had read
   * anything.
   */
  private @Nullable Rest alone(FileIdentity before) throws IOException {
    try {
      grip.capture().copy();
    } catch (WalChangedException gap) {
      return null;
    }
    Hold hold = grip.hold();
    FileIdentity closed = note.walIsRemoved(hold, before, System.currentTimeMillis());
    return closed == null ? null : Rest.alone(path, hold.file(), closed);
  }

  /** Ends the rest because something has happened: takes hold again. */
  void end() throws IOException, SQLException {
    if (!grip.rest().file().isAt(path)) {
      // The agent's connection would be the only one to the file that is there now.
      throw new IOException("the database file was replaced or deleted while it was open");
    }
    surroundings.lookForWal();
    surroundings.requireWal();
    Rest left = grip.wake();
    left.beforeConnecting();
    try {
      grip.take(
          DatabaseFile.of(path),
          // If others have read the database, the wal-index lives on, and no recovery can happen.
          left.isBesideOthers() ? Entrance.Step::take : entrance::alone,
          held ->
              local.position().pageSize() == held.pageSize() && left.isContinuedBy(held.tail()));
    } finally {
      left.end();
    }
  }
}

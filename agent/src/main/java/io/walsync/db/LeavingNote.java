package io.walsync.db;

import io.walsync.db.capture.Hold;
import io.walsync.db.local.LocalState;
import io.walsync.db.staging.Position;
import io.walsync.files.FileIdentity;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Objects;

/**
 * Notes in the saved position how a database was left, so that whoever opens it next, in whatever
 * process, can tell whether anything was missed.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class LeavingNote {

  private final File path;
  private final LocalState local;

  LeavingNote(File path, LocalState local) {
    this.path = path;
    this.local = local;
  }

  /** Somebody else keeps the WAL. */
  boolean walIsKept(Hold hold) throws IOException {
    Position position = local.position();
    WalPosition end = hold.tail().position();
    String database = hold.file().key().toString();
    boolean isNoted =
        Objects.equals(position.wal(), end)
            && position.closedDatabase().isEmpty()
            && position.walDatabase().equals(database);
    if (!isNoted) {
      local.notePlace(end, database);
    }
    return true;
  }

  /**
   * The last close, in whatever process, has removed the WAL. Whoever opens, writes and closes the
   * database after that leaves no WAL to see it by. The file's change time tells: SQLite writes
   * nothing into it after it has removed the WAL.
   *
   * @param before what the file was like under a pin of ours, or null: if it still is, the clock,
   *     which may have been set back since it was written, is not asked
   * @param endMillis when the close had returned, milliseconds since the epoch
   * @return what the file was like; null if somebody has written it since
   */
  FileIdentity walIsRemoved(Hold hold, FileIdentity before, long endMillis) throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    Position position = local.position();
    // The last close has cut the file to the size of the last commit.
    boolean isOurs =
        identity.key().equals(hold.file().key())
            && identity.sizeBytes() == (long) position.commit() * position.pageSize()
            && (identity.changedMillis() <= endMillis
                || before != null && identity.isUnchanged(before));
    if (!isOurs) {
      local.forgetPlace();
      return null;
    }
    local.noteClosed(identity.text());
    return identity;
  }
}

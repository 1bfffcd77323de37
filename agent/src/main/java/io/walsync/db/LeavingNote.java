package io.walsync.db;

import io.walsync.db.capture.Hold;
import io.walsync.db.local.LocalState;
import io.walsync.db.staging.Position;
import io.walsync.files.FileIdentity;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notes in the saved position how a database was left, so that the next process that opens it can
 * tell whether a commit was missed.
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

  /** Notes a database whose WAL other connections keep. */
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
   * Notes a database whose last close, in any process, has removed the WAL. A process that later
   * opens, writes and closes the database leaves no WAL either, but changes the file. So the file's
   * change time tells: SQLite writes nothing into the file after it has removed the WAL.
   *
   * @param before identity of the file under the agent's pin, or null. If it is unchanged, the
   *     times are not compared: the clock may have been set back since.
   * @param endMillis when the close returned, milliseconds since the epoch
   * @return identity of the file; null if somebody has written it since
   */
  @Nullable FileIdentity walIsRemoved(Hold hold, @Nullable FileIdentity before, long endMillis)
      throws IOException {
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

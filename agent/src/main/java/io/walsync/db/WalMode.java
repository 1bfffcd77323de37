package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.config.JournalMode;
import io.walsync.hook.Doorway;
import io.walsync.host.FileSystemKind;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Only a database in WAL mode can be replicated: switches one that is not, where that is allowed.
 * The switch takes the database for itself for some milliseconds, and an application with {@code
 * busy_timeout=0} would get an error for it; so nobody of this process enters SQLite meanwhile. It
 * is never done to an empty file, whose page size and auto_vacuum it would fix.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class WalMode {

  /**
   * An application that opens several connections at once, or closes again at once, does so in
   * peace: in WAL mode the close of one can meet the first statement of another.
   */
  private static final long AFTER_OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int SQLITE_BUSY = 5;

  private final File path;
  private final JournalMode configured;
  private final Connections connections;
  private final DbExecutors executors;

  WalMode(DbSettings settings, Connections connections, DbExecutors executors) {
    this.path = settings.path();
    this.configured = settings.config().journalMode();
    this.connections = connections;
    this.executors = executors;
  }

  /**
   * @param isAnotherWanted whether the application has asked for another journal mode and has the
   *     database open
   * @throws SQLException if the database is in another mode and stays there; the message says why
   */
  void require(DatabaseFile file, HostDriver driver, boolean isAnotherWanted)
      throws IOException, SQLException {
    if (file.isWalMode()) {
      return;
    }
    if (isAnotherWanted) {
      throw new SQLException(
          "the application has set another journal mode than WAL itself and has the database"
              + " open; only WAL databases can be replicated");
    }
    if (configured != JournalMode.WAL) {
      throw new SQLException(
          "the database is in rollback-journal mode and its entry says journal-mode: keep;"
              + " only WAL databases can be replicated");
    }
    String fileSystem = FileSystemKind.sharedBetweenMachines(path);
    if (fileSystem != null) {
      throw new SQLException(
          "it is in rollback-journal mode on "
              + fileSystem
              + ", a file system shared between machines, where WAL mode can corrupt it; only WAL"
              + " databases can be replicated. Move it to a local disk");
    }
    long open = connections.nanosSinceOpened(System.nanoTime());
    if (connections.isAnyOpen() && open < AFTER_OPEN_NANOS) {
      throw new SwitchPostponedException(AFTER_OPEN_NANOS - open);
    }
    if (executors.isSorting()) {
      throw new SwitchPostponedException(RETRY_NANOS);
    }
    try (HostConnection connection = driver.open(path)) {
      switchAlone(connection);
    }
    Announcements.LOG.info("{}: switched from a rollback journal to WAL", path);
  }

  private void switchAlone(HostConnection connection)
      throws SwitchPostponedException, SQLException {
    try (Doorway door = Doorway.shut(path)) {
      // Who opens a connection from now on waits at the door; who has just opened one is inside,
      // for all that is known.
      if (door == null || executors.isSorting()) {
        throw new SwitchPostponedException(RETRY_NANOS);
      }
      if (!door.awaitOut(connections.all())) {
        throw failure("a statement of the application's is running", SQLITE_BUSY, null);
      }
      String mode = connection.switchToWal();
      // In WAL mode its close would take the database for itself once more.
      connection.close();
      if (!"wal".equals(mode)) {
        throw new SQLException("the database stays in journal mode " + mode);
      }
    } catch (SQLException e) {
      boolean isBusy = HostConnection.isBusy(e);
      throw failure(
          isBusy ? "another connection is using it" : e.getMessage(), e.getErrorCode(), e);
    }
  }

  private static SQLException failure(String reason, int code, SQLException cause) {
    return new SQLException(
        "it is in rollback-journal mode and could not be switched to WAL: " + reason,
        null,
        code,
        cause);
  }
}

package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.config.JournalMode;
import io.walsync.host.FileSystemKind;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Only a database in WAL mode can be replicated: switches one that is not, where that is allowed.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class WalMode {

  private final File path;
  private final JournalMode configured;

  WalMode(DbSettings settings) {
    this.path = settings.path();
    this.configured = settings.config().journalMode();
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
    switchWith(driver);
  }

  private void switchWith(HostDriver driver) throws SQLException {
    try (HostConnection connection = driver.open(path)) {
      String mode = connection.switchToWal();
      if (!"wal".equals(mode)) {
        throw new SQLException("the database stays in journal mode " + mode);
      }
    } catch (SQLException e) {
      throw new SQLException(
          "it is in rollback-journal mode and could not be switched to WAL: "
              + (HostConnection.isBusy(e) ? "another connection is using it" : e.getMessage()),
          e);
    }
    Announcements.LOG.info("{}: switched from a rollback journal to WAL", path);
  }
}

package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.host.FileSystemKind;
import io.walsync.host.Host;
import io.walsync.host.SqliteVersion;
import io.walsync.sqlite.HostDriver;
import java.io.File;

/**
 * What can go wrong around a database that is in nobody's hands here: the file system it lies on,
 * bugs of the application's SQLite, locks that the application drops. Each is told once.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Surroundings {

  private final File path;
  private final Host host;
  private final Announcements announce;
  private boolean isFileSystemTold;
  private LockWatch locks;

  Surroundings(File path, Host host, Announcements announce) {
    this.path = path;
    this.host = host;
    this.announce = announce;
  }

  /** The first pin on a file that the application has opened stands. */
  void entered(HostDriver driver, DatabaseFile file) {
    locks = new LockWatch(path, file, host.locks());
    if (!isFileSystemTold) {
      isFileSystemTold = true;
      String kind = FileSystemKind.sharedBetweenMachines(path);
      if (kind != null) {
        announce.sharedFileSystem(kind);
      }
    }
    if (host.isNewDriver(driver.loader())) {
      SqliteVersion version = SqliteVersion.parse(driver.sqliteVersion());
      if (version != null && version.hasWalResetBug()) {
        Announcements.walResetBug(version);
      }
    }
    look();
  }

  /** The agent has closed its connections. */
  void left() {
    locks.left();
  }

  /** Looks after the locks. */
  void look() {
    switch (locks.look()) {
      case FILE_LOCK_RESTORED:
        announce.fileLockLost(true);
        break;
      case FILE_LOCK_LOST:
        announce.fileLockLost(false);
        break;
      case SHM_LOCK_LOST:
        announce.shmLockLost();
        break;
      default:
        break;
    }
  }
}

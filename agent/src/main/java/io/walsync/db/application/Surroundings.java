package io.walsync.db.application;

import io.walsync.db.capture.LockWatch;
import io.walsync.db.events.DbEvents;
import io.walsync.files.DatabaseFile;
import io.walsync.host.FileSystemKind;
import io.walsync.host.Host;
import io.walsync.host.SqliteVersion;
import io.walsync.sqlite.HostDriver;
import java.io.File;

/**
 * Reports hazards that the agent cannot prevent: the file system of a database, bugs of the
 * application's SQLite, locks that the application drops. Each is reported once.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Surroundings {

  private final File path;
  private final Host host;
  private final DbEvents events;
  private boolean isFileSystemTold;
  private LockWatch locks;

  public Surroundings(File path, Host host, DbEvents events) {
    this.path = path;
    this.host = host;
    this.events = events;
  }

  /** Called when the agent has taken hold of the database. */
  public void entered(HostDriver driver, DatabaseFile file) {
    locks = new LockWatch(path, file, host.locks());
    if (!isFileSystemTold) {
      isFileSystemTold = true;
      String kind = FileSystemKind.sharedBetweenMachines(path);
      if (kind != null) {
        events.sharedFileSystem(kind);
      }
    }
    if (host.isNewDriver(driver.loader())) {
      SqliteVersion version = SqliteVersion.parse(driver.sqliteVersion());
      if (version != null && version.hasWalResetBug()) {
        events.walResetBug(version.toString());
      }
    }
    look();
  }

  /** The agent has closed its connections. */
  public void left() {
    locks.left();
  }

  /** Looks whether locks were dropped. */
  public void look() {
    switch (locks.look()) {
      case FILE_LOCK_RESTORED:
        events.fileLockLost(true);
        break;
      case FILE_LOCK_LOST:
        events.fileLockLost(false);
        break;
      case SHM_LOCK_LOST:
        events.shmLockLost();
        break;
      default:
        break;
    }
  }
}

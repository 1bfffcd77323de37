package io.walsync.db.application;

import io.walsync.db.capture.LockWatch;
import io.walsync.db.events.DbEvents;
import io.walsync.files.DatabaseFile;
import io.walsync.host.FileSystemKind;
import io.walsync.host.Host;
import io.walsync.host.SqliteVersion;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;

/**
 * Reports hazards that the agent cannot prevent: the file system of a database, bugs of the
 * application's SQLite, locks that the application drops and what becomes of them. Each is reported
 * once.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Surroundings {

  private static final long NOT_REMOVED = -1;

  private final File path;
  private final Host host;
  private final Connections connections;
  private final DbEvents events;
  private final LockWatch locks;
  private boolean isFileSystemTold;

  /**
   * {@link Connections#emptiedCount} when the WAL was removed under the connections that were open.
   */
  private long removedAt = NOT_REMOVED;

  public Surroundings(File path, Host host, Connections connections, DbEvents events) {
    this.path = path;
    this.host = host;
    this.connections = connections;
    this.events = events;
    this.locks = new LockWatch(path, host.locks(), connections::closeCount);
  }

  /**
   * Called when the agent has taken hold of the database.
   *
   * @param isAlone whether one connection of the application's has the database to itself
   */
  public void entered(HostDriver driver, DatabaseFile file, boolean isAlone) {
    locks.entered(file, isAlone);
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
    look(false);
  }

  /** The agent has closed its connections for a rest: see {@link LockWatch#rests}. */
  public void rests(boolean isKeptHere) {
    locks.rests(isKeptHere);
  }

  /**
   * Looks whether locks were dropped.
   *
   * @param isLast whether the process ends
   */
  public void look(boolean isLast) {
    for (LockWatch.Finding finding : locks.look(isLast)) {
      if (finding == LockWatch.Finding.SHM_LOCK_LOST) {
        events.shmLockLost();
      } else {
        events.fileLockLost(finding == LockWatch.Finding.FILE_LOCK_RESTORED);
      }
    }
  }

  /** Looks whether the WAL was removed under the connections that have it open. */
  public void lookForWal() {
    if (!isWalRemoved() && locks.isIndexRemoved()) {
      removedAt = connections.emptiedCount();
      events.walRemoved();
    }
  }

  /**
   * To be called before the agent connects.
   *
   * @throws IOException if the WAL was removed under connections that are still open. SQLite would
   *     give another connection of this process the old wal-index with a new WAL
   */
  public void requireWal() throws IOException {
    if (isWalRemoved()) {
      throw new IOException(
          "another process has removed the WAL under the connections of this one, which go on"
              + " writing to it. It is replicated when all of them are closed");
    }
  }

  private boolean isWalRemoved() {
    return removedAt != NOT_REMOVED && removedAt == connections.emptiedCount();
  }
}

package io.walsync.db.capture;

import io.walsync.db.tail.WalIndex;
import io.walsync.files.DatabaseFile;
import io.walsync.host.HostLocks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * Watches the locks that SQLite keeps on a WAL database as long as a connection is open: SHARED on
 * the file, and one on the dead-man-switch byte of the {@code -shm}. The kernel drops them when
 * anything in the process closes a descriptor of the file, and SQLite does not notice.
 *
 * <p>A lock counts as lost only if it was seen before: not every file system and kernel shows them.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class LockWatch {

  public enum Finding {
    NOTHING_NEW,
    /** The lock on the file was gone and has been taken again. */
    FILE_LOCK_RESTORED,
    /** The lock on the file is gone. */
    FILE_LOCK_LOST,
    SHM_LOCK_LOST
  }

  static final long UNKNOWN = -1;

  private final File path;
  private final DatabaseFile file;
  private final HostLocks locks;

  /** Readings of the kernel's list before this moment do not count. */
  private long sinceNanos;

  private long fileInode = UNKNOWN;
  private long shmInode = UNKNOWN;
  private boolean isFileLockSeen;
  private boolean isShmLockSeen;

  public LockWatch(File path, DatabaseFile file, HostLocks locks) {
    this.path = path;
    this.file = file;
    this.locks = locks;
    this.sinceNanos = locks.now();
  }

  /**
   * Called when the agent has closed its connections. A connection of the application that has read
   * nothing in WAL mode has no lock, so a lock has to be seen again before it can be lost.
   */
  public void left() {
    isFileLockSeen = false;
    isShmLockSeen = false;
    shmInode = UNKNOWN;
    sinceNanos = locks.now();
  }

  /** Looks once. A connection of this process must be open on the file. */
  public Finding look() {
    HostLocks.Snapshot held = locks.after(sinceNanos);
    if (held == null || !findInodes()) {
      return Finding.NOTHING_NEW;
    }
    boolean isMissing =
        isShmLockSeen && !held.holds(shmInode, WalIndex.DEAD_MAN_SWITCH_OFFSET)
            || isFileLockSeen && !held.holds(fileInode, DatabaseFile.SHARED_LOCK_OFFSET);
    if (isMissing) {
      held = locks.again();
    }
    if (held.holds(shmInode, WalIndex.DEAD_MAN_SWITCH_OFFSET)) {
      isShmLockSeen = true;
    } else if (isShmLockSeen) {
      isShmLockSeen = false;
      return Finding.SHM_LOCK_LOST;
    }
    if (held.holds(fileInode, DatabaseFile.SHARED_LOCK_OFFSET)) {
      isFileLockSeen = true;
    } else if (isFileLockSeen) {
      boolean isRestored = file.restoreSharedLock();
      isFileLockSeen = isRestored;
      sinceNanos = locks.now();
      return isRestored ? Finding.FILE_LOCK_RESTORED : Finding.FILE_LOCK_LOST;
    }
    return Finding.NOTHING_NEW;
  }

  private boolean findInodes() {
    if (fileInode == UNKNOWN) {
      fileInode = inode(path);
    }
    if (shmInode == UNKNOWN) {
      shmInode = inode(WalIndex.pathOf(path));
    }
    return fileInode != UNKNOWN && shmInode != UNKNOWN;
  }

  /** The inode at a path, asked by name, so that no file is opened. */
  static long inode(File named) {
    try {
      return (Long) Files.getAttribute(named.toPath(), "unix:ino", new LinkOption[0]);
    } catch (IOException | RuntimeException notTold) {
      return UNKNOWN;
    }
  }
}

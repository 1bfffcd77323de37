package io.walsync.db.capture;

import io.walsync.db.tail.WalIndex;
import io.walsync.files.DatabaseFile;
import io.walsync.host.HostLocks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches what SQLite keeps of a WAL database as long as a connection that has read is open: a
 * SHARED lock on the file, one on the dead-man-switch byte of the {@code -shm}, and with that the
 * {@code -shm} itself. The kernel drops the locks when anything in the process closes a descriptor
 * of the file, and SQLite does not notice. Then another process takes itself for the only one and
 * removes {@code -shm} and {@code -wal}.
 *
 * <p>Locks are due while the agent is inside, and through a rest for as long as nobody closes a
 * connection. A lock that is due and missing counts as lost only if the kernel shows locks of that
 * file at all, which not every file system and kernel does.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class LockWatch {

  public enum Finding {
    /** The lock on the file was gone and has been taken again. */
    FILE_LOCK_RESTORED,
    /** The lock on the file is gone. */
    FILE_LOCK_LOST,
    SHM_LOCK_LOST
  }

  static final long UNKNOWN = -1;

  private final File path;
  private final HostLocks locks;
  private final LongSupplier closes;
  private final Lock onFile = new Lock();
  private final Lock onShm = new Lock();

  /** The file that the agent last took hold of; null before the first hold. */
  private @Nullable DatabaseFile file;

  /** Readings of the kernel's list before this moment do not count. */
  private long sinceNanos;

  /** Whether a connection keeps the locks that nobody closes before {@link #rests} is called. */
  private boolean isInside;

  /** Whether the database belongs to one connection, which has no lock on a {@code -shm}. */
  private boolean isAlone;

  /** The number of closes when the rest began, or when it was last not known who keeps a lock. */
  private long closesBefore;

  private static final class Lock {

    private long inode = UNKNOWN;

    /** Whether a connection of this process must hold it. */
    private boolean isDue;

    /** Whether the kernel has shown it on this inode. */
    private boolean isShown;

    void isOn(long now) {
      isShown &= inode == now;
      inode = now;
    }

    boolean isMissing(HostLocks.Snapshot held, long offset) {
      return isDue && inode != UNKNOWN && !held.holds(inode, offset);
    }

    /** Notes that it was seen. */
    boolean isSeen(HostLocks.Snapshot held, long offset) {
      boolean isSeen = inode != UNKNOWN && held.holds(inode, offset);
      isShown |= isSeen;
      isDue |= isSeen;
      return isSeen;
    }
  }

  /**
   * @param closes how many closes of the application's connections have begun so far
   */
  public LockWatch(File path, HostLocks locks, LongSupplier closes) {
    this.path = path;
    this.locks = locks;
    this.closes = closes;
    this.sinceNanos = locks.now();
  }

  /**
   * Called when a connection of the agent's has read the database, or the sole connection has it.
   */
  public void entered(DatabaseFile entered, boolean isAlone) {
    boolean isKept = entered.equals(file) && onFile.isDue && !isInside;
    if (!isKept) {
      sinceNanos = locks.now();
    }
    file = entered;
    this.isAlone = isAlone;
    isInside = true;
    onFile.isOn(inode(path));
    onShm.isOn(inode(WalIndex.pathOf(path)));
    onFile.isDue = true;
    onShm.isDue = !isAlone;
    // Nobody is followed alone whose lock the kernel has not shown.
    onFile.isShown |= isAlone;
  }

  /**
   * Called when the agent has closed its connections for a rest.
   *
   * @param isKeptHere whether a connection of the application's is known to keep the locks. One
   *     that has read nothing in WAL mode has none, so that it has to be seen before it can be lost
   */
  public void rests(boolean isKeptHere) {
    isInside = false;
    closesBefore = closes.getAsLong();
    if (!isKeptHere) {
      forget();
    }
  }

  private void forget() {
    onFile.isDue = false;
    onShm.isDue = false;
    sinceNanos = locks.now();
  }

  /**
   * Whether another process has removed the {@code -shm} under connections that have it open, or
   * has put another there.
   */
  public boolean isIndexRemoved() {
    if (!onShm.isDue || file == null || !file.isAt(path)) {
      return false;
    }
    File shm = WalIndex.pathOf(path);
    boolean isGone = onShm.inode != UNKNOWN && inode(shm) != onShm.inode;
    return isGone && isStillDue();
  }

  /**
   * Looks once. A connection of this process must be open on the file.
   *
   * @param isLast whether the process ends
   */
  public Set<Finding> look(boolean isLast) {
    Set<Finding> findings = EnumSet.noneOf(Finding.class);
    HostLocks.Snapshot held = locks.after(sinceNanos, isLast);
    DatabaseFile watched = file;
    if (held == null || !HostLocks.areTold() || watched == null || !watched.isAt(path)) {
      return findings;
    }
    if (!isStillDue()) {
      return findings;
    }
    findInodes();
    if (onFile.isMissing(held, DatabaseFile.SHARED_LOCK_OFFSET)
        || onShm.isMissing(held, WalIndex.DEAD_MAN_SWITCH_OFFSET)) {
      held = locks.again();
      if (!isStillDue()) {
        return findings;
      }
    }
    if (!onFile.isSeen(held, DatabaseFile.SHARED_LOCK_OFFSET) && onFile.isDue) {
      restore(watched, findings);
    }
    if (!isAlone && !onShm.isSeen(held, WalIndex.DEAD_MAN_SWITCH_OFFSET) && onShm.isDue) {
      // Whoever shows the lock on the file shows the one beside it.
      if (onShm.isShown || onShm.inode != UNKNOWN && onFile.isShown) {
        findings.add(Finding.SHM_LOCK_LOST);
        onShm.isDue = false;
      }
    }
    return findings;
  }

  /** What is not known at the first look, and what a connection that read only now has made. */
  private void findInodes() {
    if (onFile.inode == UNKNOWN) {
      onFile.isOn(inode(path));
    }
    if (onShm.inode == UNKNOWN || !onShm.isDue) {
      onShm.isOn(inode(WalIndex.pathOf(path)));
    }
  }

  /** Whether no connection that may have kept the locks was closed before this moment. */
  private boolean isStillDue() {
    long now = closes.getAsLong();
    if (isInside || now == closesBefore) {
      return true;
    }
    closesBefore = now;
    forget();
    return false;
  }

  /** Takes the lock on the file again; if it is not seen then either, the kernel does not tell. */
  private void restore(DatabaseFile watched, Set<Finding> findings) {
    boolean isRestored = !isAlone && watched.restoreSharedLock();
    if (isRestored) {
      onFile.isSeen(locks.again(), DatabaseFile.SHARED_LOCK_OFFSET);
    }
    if (onFile.isShown) {
      findings.add(isRestored ? Finding.FILE_LOCK_RESTORED : Finding.FILE_LOCK_LOST);
    }
    onFile.isDue = isRestored && onFile.isShown || !isRestored && !onFile.isShown;
    sinceNanos = locks.now();
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

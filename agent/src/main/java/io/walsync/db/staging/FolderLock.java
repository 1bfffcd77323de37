package io.walsync.db.staging;

import io.walsync.files.FileIdentity;
import io.walsync.io.Disk;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps all others from a staging folder, for as long as this process works in it. */
final class FolderLock implements Closeable {

  /**
   * Which lock files this process holds. To find out by trying would drop them: closing any
   * descriptor of a file gives up all of a process's locks on it.
   */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final File path;
  private final RandomAccessFile file;
  private final Object key;
  private final String identity;

  private FolderLock(File path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.file = file;
    FileIdentity found = FileIdentity.of(path);
    this.key = found.key();
    this.identity = found.text();
  }

  /**
   * Takes the lock.
   *
   * @return null if another process (or another copy of the agent) has it
   * @throws FolderInUseException if this process has it
   */
  static @Nullable FolderLock take(Disk disk, File folder) throws IOException {
    File path = new File(folder, "lock");
    if (path.exists() && HELD.contains(FileIdentity.keyOf(path))) {
      throw new FolderInUseException(folder);
    }
    RandomAccessFile file = disk.open(path);
    FolderLock taken = null;
    try {
      if (file.getChannel().tryLock() != null) {
        taken = new FolderLock(path, file);
        HELD.add(taken.key);
      }
      return taken;
    } catch (OverlappingFileLockException heldByThisProcess) {
      throw new FolderInUseException(folder);
    } finally {
      if (taken == null) {
        file.close();
      }
    }
  }

  /**
   * What the file system says of the lock file, which nobody ever writes: in a copy of the folder
   * it has been made or changed at another time.
   */
  String identity() {
    return identity;
  }

  /** Whether the file that is locked, or another, still stands there. */
  boolean exists() {
    return path.exists();
  }

  @Override
  public void close() throws IOException {
    file.close();
    HELD.remove(key);
  }
}

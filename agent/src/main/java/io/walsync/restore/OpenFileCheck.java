package io.walsync.restore;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a process has a database open, as far as that can be found out: SQLite's locks,
 * which every connection in WAL mode holds, and on Linux the open files of all processes we may
 * look at.
 *
 * <p>The test for locks opens and closes the file, and closing drops all locks this process has on
 * it: it is only for processes without SQLite connections.
 */
class OpenFileCheck {

  /** SQLite's lock bytes: pending, reserved and 510 shared, from 1 GiB on. */
  private static final long LOCK_OFFSET = 0x40000000L;

  private static final long LOCK_BYTES = 512;

  private final File processes;

  OpenFileCheck() {
    this(new File("/proc"));
  }

  OpenFileCheck(File processes) {
    this.processes = processes;
  }

  boolean isOpen(File database) throws IOException {
    return isOpenInAProcess(database) || isLocked(database);
  }

  private static boolean isLocked(File database) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(database, "rw");
        FileChannel channel = file.getChannel()) {
      FileLock lock = channel.tryLock(LOCK_OFFSET, LOCK_BYTES, false);
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private boolean isOpenInAProcess(File database) throws IOException {
    String path = database.getCanonicalPath();
    String[] ids = processes.list();
    if (ids == null) {
      return false;
    }
    for (String id : ids) {
      boolean isProcess = id.charAt(0) >= '0' && id.charAt(0) <= '9';
      File[] descriptors = isProcess ? new File(new File(processes, id), "fd").listFiles() : null;
      if (descriptors != null && anyRefersTo(descriptors, path)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyRefersTo(File[] descriptors, String path) {
    for (File descriptor : descriptors) {
      if (path.equals(linkTarget(descriptor.toPath()))) {
        return true;
      }
    }
    return false;
  }

  /** Null if the descriptor was closed meanwhile or is not ours to see. */
  private static @Nullable String linkTarget(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return null;
    }
  }
}

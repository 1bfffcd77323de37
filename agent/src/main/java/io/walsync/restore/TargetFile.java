package io.walsync.restore;

import io.walsync.io.AtomicFile;
import io.walsync.io.FileAccess;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * The file a database is restored to. It grows under a temporary name beside the target and takes
 * the target's name only when it is complete, checked and on disk; until then the target is what it
 * was. {@link #close} removes the temporary file unless it has taken its place.
 *
 * <p>States: growing, in place or removed.
 */
final class TargetFile implements PageSink, Closeable {

  private static final String TEMP_SUFFIX = ".walsync-tmp";

  /**
   * Files that SQLite keeps beside a database, in the order of removal. The WAL is first: it must
   * never be beside the new file.
   */
  private static final String[] COMPANIONS = {"-wal", "-shm", "-journal"};

  /** Longest chain of symbolic links that is followed, the same as on Linux. */
  private static final int MAX_LINKS = 40;

  /** Offset of the lock, beyond any database, so that the lock keeps nobody from reading. */
  private static final long LOCK_OFFSET = Long.MAX_VALUE - 1;

  private final File target;
  private final File temp;
  private final boolean isForced;
  private final OpenFileCheck openFileCheck;
  private final RandomAccessFile file;
  private final FileChannel channel;
  private final Thread removal;
  private @Nullable FileLock lock;
  private boolean isAccessKept = true;
  private boolean isInPlace;

  private TargetFile(File target, boolean isForced, OpenFileCheck openFileCheck)
      throws IOException {
    this.target = target;
    this.isForced = isForced;
    this.openFileCheck = openFileCheck;
    temp = new File(target.getPath() + TEMP_SUFFIX);
    if (target.exists()) {
      FileAccess.like(target).createFile(temp.toPath());
    }
    file = new RandomAccessFile(temp, "rw");
    channel = file.getChannel();
    removal = new Thread(new Removal(temp));
  }

  /**
   * Begins a restore.
   *
   * @param isForced whether an existing database and its companions are replaced
   * @throws TargetRefusedException if the target must not be written, or another restore writes it
   */
  static TargetFile create(File output, boolean isForced, OpenFileCheck openFileCheck)
      throws IOException {
    File target = resolve(output);
    checkTarget(target, isForced, openFileCheck);
    Files.createDirectories(target.getParentFile().toPath());
    TargetFile created = new TargetFile(target, isForced, openFileCheck);
    try {
      created.lock();
    } catch (IOException e) {
      created.file.close();
      throw e;
    }
    try {
      created.clear();
      Runtime.getRuntime().addShutdownHook(created.removal);
      return created;
    } catch (IOException | IllegalStateException e) {
      created.close();
      throw new RestoreException("begin " + created.temp + ": " + e.getMessage(), e);
    }
  }

  /**
   * Follows a symbolic link as SQLite does, also to a file that does not exist yet, so that the
   * database is replaced and not the link.
   */
  private static File resolve(File output) throws IOException {
    File file = output.getAbsoluteFile();
    for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(file.toPath()); i++) {
      File end = new File(Files.readSymbolicLink(file.toPath()).toString());
      file = end.isAbsolute() ? end : new File(file.getParentFile(), end.getPath());
      if (!file.getParentFile().isDirectory()) {
        throw new RestoreException(
            "restore to "
                + output
                + ": it is a link to "
                + file
                + ", whose folder does not exist (not mounted?)");
      }
    }
    if (Files.isSymbolicLink(file.toPath())) {
      throw new RestoreException("restore to " + output + ": its links lead in a circle");
    }
    return file.exists() ? file.getCanonicalFile() : file;
  }

  private static void checkTarget(File target, boolean isForced, OpenFileCheck openFileCheck)
      throws IOException {
    if (target.isDirectory()) {
      throw new TargetRefusedException("restore to " + target + ": it is a directory", false);
    }
    if (isForced) {
      if (target.exists() && openFileCheck.isOpen(target)) {
        throw new TargetRefusedException(
            "restore to " + target + ": a process has this database open; stop it first", false);
      }
      return;
    }
    if (target.exists()) {
      throw new TargetRefusedException("restore to " + target + ": the file exists", true);
    }
    for (String suffix : COMPANIONS) {
      File companion = new File(target.getPath() + suffix);
      if (companion.exists()) {
        throw new TargetRefusedException(
            "restore to "
                + target
                + ": "
                + companion.getName()
                + " of an older database is there and would change the restored one",
            true);
      }
    }
  }

  /**
   * Takes the lock that is held until the file is in its place, so that two restores never write
   * the same file.
   */
  private void lock() throws IOException {
    try {
      lock = channel.tryLock(LOCK_OFFSET, 1, false);
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new TargetRefusedException(
          "restore to " + target + ": another restore is writing " + temp.getName(), false);
    }
  }

  /**
   * Empties the temporary file, of what was written so far or left behind by a restore that was
   * killed.
   */
  void clear() throws IOException {
    file.setLength(0);
  }

  @Override
  public void write(byte[] pages, int length, long offset) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(pages, 0, length);
    try {
      while (from.hasRemaining()) {
        channel.write(from, offset + from.position());
      }
    } catch (IOException e) {
      throw new RestoreException("write " + temp + ": " + e.getMessage(), e);
    }
  }

  /**
   * Puts the file in its place: fsync, check, removal of the old database's companions, rename,
   * fsync of the folder. After a crash at any point the target is either the old database, perhaps
   * without its companions, or the new one without companions. It is never the new one with the WAL
   * of another.
   *
   * @param sizeBytes size of the database
   */
  void complete(long sizeBytes, IntegrityCheck check) throws IOException {
    try {
      file.setLength(sizeBytes);
      channel.force(true);
      check.check(temp);
      lockAgain();
      checkTarget(target, isForced, openFileCheck);
      removeCompanions(temp);
      removeCompanions(target);
      AtomicFile.syncFolder(target.getParentFile());
      if (target.exists()) {
        isAccessKept = FileAccess.copy(target.toPath(), temp.toPath());
        channel.force(true);
      }
      file.close();
      AtomicFile.rename(temp, target);
      isInPlace = true;
      AtomicFile.syncFolder(target.getParentFile());
    } catch (RestoreException e) {
      throw e;
    } catch (IOException e) {
      throw new RestoreException("complete " + target + ": " + e.getMessage(), e);
    }
  }

  /** Whether mode, owner and group are those of the file that was replaced, if any was. */
  boolean isAccessKept() {
    return isAccessKept;
  }

  /**
   * Takes the lock again: the check has opened and closed the file, and on POSIX systems a close
   * drops the lock.
   */
  private void lockAgain() throws IOException {
    assert lock != null : "it has been checked under its lock";
    lock.release();
    lock();
  }

  private static void removeCompanions(File database) throws IOException {
    for (String suffix : COMPANIONS) {
      Files.deleteIfExists(new File(database.getPath() + suffix).toPath());
    }
  }

  /** Removes the temporary file, if it is still there under its name. */
  @Override
  public void close() throws IOException {
    try {
      if (!isInPlace) {
        removeCompanions(temp);
        Files.deleteIfExists(temp.toPath());
      }
    } finally {
      file.close();
      forgetRemoval();
    }
  }

  private void forgetRemoval() {
    try {
      Runtime.getRuntime().removeShutdownHook(removal);
    } catch (IllegalStateException jvmIsGoingDown) {
      return;
    }
  }

  /** Removes the temporary file when the process is stopped in the middle of a restore. */
  private static final class Removal implements Runnable {

    private final File temp;

    Removal(File temp) {
      this.temp = temp;
    }

    @Override
    public void run() {
      temp.delete();
    }
  }
}

package io.walsync.restore;

import io.walsync.io.AgentThread;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
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

  /** Complete, and about to take the target's name: nobody else looks for a file there. */
  private static final String READY_SUFFIX = ".walsync-new";

  /** Longest chain of symbolic links that is followed, the same as on Linux. */
  private static final int MAX_LINKS = 40;

  /** Offset of the lock, beyond any database, so that the lock keeps nobody from reading. */
  private static final long LOCK_OFFSET = Long.MAX_VALUE - 1;

  private final File target;
  private final File temp;
  private final File ready;
  private final TargetRule rule;
  private final OpenFileCheck openFileCheck;
  private final @Nullable Object key;
  private final RandomAccessFile file;
  private final FileChannel channel;
  private final Thread removal;
  private @Nullable FileLock lock;
  private boolean isAccessKept = true;
  private boolean isInPlace;

  /** Whether another restore writes the file. */
  private boolean isLost;

  private TargetFile(File target, TargetRule rule, OpenFileCheck openFileCheck) throws IOException {
    this.target = target;
    this.rule = rule;
    this.openFileCheck = openFileCheck;
    temp = new File(target.getPath() + TEMP_SUFFIX);
    ready = new File(target.getPath() + READY_SUFFIX);
    if (target.exists()) {
      FileAccess.like(target).createFile(temp.toPath());
    } else {
      temp.createNewFile();
    }
    key = keyOf(temp);
    file = new RandomAccessFile(temp, "rw");
    channel = file.getChannel();
    removal = AgentThread.of(new Removal(temp, ready), "walsync-restore-removal");
  }

  /** Which file is under a name; null if there is none, or the system does not tell. */
  private static @Nullable Object keyOf(File file) throws IOException {
    try {
      return Files.readAttributes(file.toPath(), BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  /**
   * Begins a restore.
   *
   * @param rule what may stand there
   * @throws TargetRefusedException if the target must not be written, or another restore writes it
   */
  static TargetFile create(File output, TargetRule rule, OpenFileCheck openFileCheck)
      throws IOException {
    File target = resolve(output);
    rule.check(target, openFileCheck);
    Files.createDirectories(target.getParentFile().toPath());
    TargetFile created = begin(target, rule, openFileCheck);
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

  private static TargetFile begin(File target, TargetRule rule, OpenFileCheck openFileCheck)
      throws IOException {
    try {
      return new TargetFile(target, rule, openFileCheck);
    } catch (NoSuchFileException e) {
      throw new TargetBusyException(
          "restore to " + target + ": another restore has just removed " + e.getFile());
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

  /**
   * Takes the lock that is held until the file has lost its temporary name, so that two restores
   * never write the same file. A file that has lost it since it was opened is another restore's.
   */
  private void lock() throws IOException {
    try {
      lock = channel.tryLock(LOCK_OFFSET, 1, false);
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null || !hasItsName()) {
      throw new TargetBusyException(
          "restore to " + target + ": another restore is writing " + temp.getName());
    }
  }

  /** By its size too: what identifies a file may be given to another one once it is deleted. */
  private boolean hasItsName() throws IOException {
    return Objects.equals(key, keyOf(temp)) && channel.size() == temp.length();
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
      if (check != IntegrityCheck.NONE) {
        check.check(temp);
        lockAgain();
      }
      rule.check(target, openFileCheck);
      TargetRule.removeCompanions(temp);
      TargetRule.removeCompanions(target);
      AtomicFile.syncFolder(target.getParentFile());
      if (target.exists()) {
        isAccessKept = FileAccess.copy(target.toPath(), temp.toPath());
        channel.force(true);
      }
      rule.takeName(target);
      putInPlace();
      isInPlace = true;
      AtomicFile.syncFolder(target.getParentFile());
    } catch (RestoreException e) {
      throw e;
    } catch (IOException e) {
      throw new RestoreException("complete " + target + ": " + e.getMessage(), e);
    }
  }

  /**
   * The file is closed before it has the target's name: a close drops the locks that this process
   * has on a file, and SQLite may have some as soon as the name is there. It loses its temporary
   * name before it is closed: without the lock, another restore would empty it.
   */
  private void putInPlace() throws IOException {
    boolean mayBeRenamedOpen = File.separatorChar == '/';
    if (mayBeRenamedOpen) {
      AtomicFile.rename(temp, ready);
      file.close();
      takeTheName();
    } else {
      file.close();
      AtomicFile.rename(temp, target);
    }
  }

  private void takeTheName() throws IOException {
    try {
      AtomicFile.rename(ready, target);
    } catch (NoSuchFileException e) {
      isLost = true;
      throw new TargetBusyException(
          "restore to " + target + ": another restore was completed at the same moment");
    }
  }

  /** Whether mode, owner and group are those of the file that was replaced, if any was. */
  boolean isAccessKept() {
    return isAccessKept;
  }

  /**
   * Takes the lock again: the check has opened and closed the file, and on POSIX systems a close
   * drops the lock. Another restore that was faster has the file now.
   */
  private void lockAgain() throws IOException {
    assert lock != null : "it has been checked under its lock";
    lock.release();
    isLost = true;
    lock();
    isLost = false;
  }

  /** Removes the temporary file, if it is still there under its name. */
  @Override
  public void close() throws IOException {
    try {
      if (!isInPlace && !isLost) {
        TargetRule.removeCompanions(temp);
        deleteOwn(temp);
        deleteOwn(ready);
      }
    } finally {
      file.close();
      forgetRemoval();
    }
  }

  /** Unless another restore has put its own file there. */
  private void deleteOwn(File left) throws IOException {
    if (Objects.equals(key, keyOf(left))) {
      Files.deleteIfExists(left.toPath());
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
    private final File ready;

    Removal(File temp, File ready) {
      this.temp = temp;
      this.ready = ready;
    }

    @Override
    public void run() {
      temp.delete();
      ready.delete();
    }
  }
}

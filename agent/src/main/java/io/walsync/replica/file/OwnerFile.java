package io.walsync.replica.file;

import io.walsync.io.FileAccess;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a replica in a directory: {@code walsync/owner.json}, replaced by a rename while the
 * file {@code owner.lock} beside it is locked. The kernel gives the lock back when its holder is
 * killed. Where a file system has no locks, two claims of the same instant are not told apart.
 *
 * <p>The tag of the object is its content.
 */
final class OwnerFile {

  private static final String TEMPORARY_SUFFIX = ".walsync.tmp";

  /** The kernel's lock is the process's: its threads take turns. */
  private static final Object TURN = new Object();

  private final Path folder;
  private final Path file;
  private final Path lock;
  private final FileAccess access;

  OwnerFile(Path folder, FileAccess access) {
    this.folder = folder;
    this.file = folder.resolve("owner.json");
    this.lock = folder.resolve("owner.lock");
    this.access = access;
  }

  OwnerObject read() throws IOException {
    try {
      byte[] content = Files.readAllBytes(file);
      return new OwnerObject(Owner.parse(content), text(content));
    } catch (NoSuchFileException e) {
      return OwnerObject.NONE;
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  boolean replace(OwnerObject before, Owner owner) throws IOException {
    synchronized (TURN) {
      try {
        access.createFolders(folder);
        access.createFile(lock);
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
            FileLock held = lock(channel)) {
          return replaceLocked(before, owner);
        }
      } catch (IOException e) {
        throw FileFailure.of("write", file, e);
      }
    }
  }

  /** Null where the file system has no locks. */
  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      return channel.lock();
    } catch (IOException noLocks) {
      return null;
    }
  }

  private boolean replaceLocked(OwnerObject before, Owner owner) throws IOException {
    OwnerObject found = read();
    if (!Objects.equals(before.tag(), found.tag())) {
      return false;
    }
    NewFile.removeLeftovers(folder);
    Path temporary = folder.resolve("owner." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    access.createFile(temporary);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(owner.toBytes()));
        channel.force(true);
      }
      publish(temporary, before.isThere());
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
    NewFile.syncFolder(folder);
    NewFile.syncFolderIfReadable(folder.getParent());
    return true;
  }

  /** The first one by a link, which fails if there is another even where no lock holds. */
  private void publish(Path temporary, boolean isThere) throws IOException {
    if (!isThere) {
      try {
        Files.createLink(file, temporary);
        return;
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | IOException noLinks) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return;
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}

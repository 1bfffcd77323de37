package io.walsync.replica.file;

import io.walsync.io.FileAccess;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file that appears whole under its name or not at all, and never replaces another.
 *
 * <p>The content goes to a temporary file beside it, whose name neither Litestream nor we take for
 * an LTX file and which stays locked while its writer lives, so that a starting process can tell
 * what a crash left from what another process is writing.
 */
final class NewFile {

  private static final String TEMPORARY_SUFFIX = ".walsync.tmp";
  private static final String CLAIM_SUFFIX = ".claim" + TEMPORARY_SUFFIX;
  private static final int COPY_BUFFER_BYTES = 64 * 1024;

  private NewFile() {}

  /** Writes what a file is to hold. */
  interface Content {
    /**
     * @return the SHA-256 of what was written, lower-case hex
     */
    String writeTo(RandomAccessFile file) throws IOException;
  }

  /** The content could not be made; the disk has nothing to do with it. */
  static final class ContentException extends IOException {

    private static final long serialVersionUID = 1L;

    private final IOException reason;

    ContentException(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  /**
   * @return false if there is already a file under that name, which is left alone
   * @throws ReplicaException if the content is not what {@code sha256Hex} says
   */
  static boolean write(
      Path path, LtxSource content, long modifiedMillis, String sha256Hex, FileAccess access)
      throws IOException {
    return write(
        path,
        file -> {
          copy(content, file, path, sha256Hex);
          return sha256Hex;
        },
        content.databaseChecksum(),
        content.epoch(),
        modifiedMillis,
        access);
  }

  /**
   * As the other, with content that is made while it is written.
   *
   * @return false if there is already a file under that name
   * @throws ContentException if the content could not be made
   */
  static boolean write(Path path, LtxStream content, long modifiedMillis, FileAccess access)
      throws IOException {
    return write(
        path,
        file -> writeTo(file, content),
        content.databaseChecksum(),
        content.epoch(),
        modifiedMillis,
        access);
  }

  private static String writeTo(RandomAccessFile file, LtxStream content) throws IOException {
    MessageDigest digest = Sha256.digest();
    IOException[] ofDisk = new IOException[1];
    OutputStream out = // not closed here: the file is still to be fsynced
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            digest.update(bytes, offset, count);
            try {
              file.write(bytes, offset, count);
            } catch (IOException e) {
              ofDisk[0] = e;
              throw e;
            }
          }
        };
    try {
      content.writeTo(out);
    } catch (IOException e) {
      throw e == ofDisk[0] ? e : new ContentException(e);
    }
    return Sha256.toHex(digest.digest());
  }

  private static boolean write(
      Path path,
      Content content,
      long databaseChecksum,
      long epoch,
      long modifiedMillis,
      FileAccess access)
      throws IOException {
    Path temporary =
        path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    access.createFile(temporary);
    try (RandomAccessFile file = new RandomAccessFile(temporary.toFile(), "rw")) {
      lock(file.getChannel());
      Sha256Attribute.record(temporary, content.writeTo(file));
      NumberAttribute.DATABASE_CHECKSUM.record(temporary, databaseChecksum);
      NumberAttribute.EPOCH.record(temporary, epoch);
      Files.setLastModifiedTime(temporary, FileTime.fromMillis(modifiedMillis));
      file.getFD().sync();
      return publish(temporary, path);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Some mounts take what is written and keep nothing of it: what stands there counts. */
  static void requireWhole(Path path, long sizeBytes) throws IOException {
    long foundBytes = Files.size(path);
    if (foundBytes != sizeBytes) {
      throw new ReplicaException(
          "cannot write "
              + path
              + ": of "
              + sizeBytes
              + " bytes, "
              + foundBytes
              + " are there after they were written",
          false);
    }
  }

  private static void copy(LtxSource content, RandomAccessFile file, Path path, String sha256Hex)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[(int) Math.min(COPY_BUFFER_BYTES, content.sizeBytes() + 1)];
    try (InputStream in = content.open(0)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        file.write(buffer, 0, n);
      }
    }
    if (!Sha256.toHex(digest.digest()).equals(sha256Hex)) {
      throw new ReplicaException(
          "cannot write " + path + ": the content read is not the one its SHA-256 was taken of",
          false);
    }
  }

  private static boolean publish(Path temporary, Path path) throws IOException {
    try {
      Files.createLink(path, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return publishWithoutLinks(temporary, path);
    }
  }

  /**
   * For file systems without hard links, where a rename would replace: whoever creates the claim
   * file may look and rename, and others come back later.
   */
  static boolean publishWithoutLinks(Path temporary, Path path) throws IOException {
    Path claim = path.resolveSibling(path.getFileName() + CLAIM_SUFFIX);
    FileChannel channel;
    try {
      channel = FileChannel.open(claim, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new ReplicaException(
          "cannot write " + path + ": another writer is about to; its claim is " + claim, false);
    }
    try {
      lock(channel);
      if (Files.exists(path)) {
        return false;
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      channel.close();
      Files.deleteIfExists(claim);
    }
  }

  private static void lock(FileChannel channel) {
    try {
      channel.tryLock();
    } catch (IOException e) {
      // Without locks a start elsewhere may remove this file as a leftover, and we write it again.
      return;
    }
  }

  /** Removes temporary files whose writers are gone. */
  static void removeLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + TEMPORARY_SUFFIX)) {
      for (Path entry : entries) {
        if (isAbandoned(entry)) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }

  private static boolean isAbandoned(Path temporary) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      return false;
    }
  }

  /** Creates and removes a file. */
  static void proveWritable(Path folder) throws IOException {
    Path probe = folder.resolve("probe." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    Files.createFile(probe);
    Files.deleteIfExists(probe);
    removeLeftovers(folder);
  }

  /** Makes names in the folder durable. Windows cannot open folders, and journals names itself. */
  static void syncFolder(@Nullable Path folder) throws IOException {
    boolean isWindows = java.io.File.separatorChar == '\\';
    if (isWindows) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Of a folder above ours, which we may be allowed to enter and not to list. */
  static void syncFolderIfReadable(@Nullable Path folder) throws IOException {
    if (folder != null && Files.isReadable(folder)) {
      syncFolder(folder);
    }
  }

  /** Makes the content of a file durable; one that we may not write is nobody's of ours. */
  static void sync(Path path) throws IOException {
    if (!Files.isWritable(path)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}

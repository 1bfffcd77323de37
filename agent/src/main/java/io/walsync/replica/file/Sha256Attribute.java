package io.walsync.replica.file;

import io.walsync.replica.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a file, kept as 32 raw bytes in its extended attribute {@code
 * user.walsync.sha256}. Litestream neither reads nor removes it; a copy that drops attributes drops
 * it, and the file then reads as one without a recorded digest.
 */
final class Sha256Attribute {

  private static final String NAME = "walsync.sha256";
  private static final int SIZE_BYTES = 32;
  private static final int COPY_BUFFER_BYTES = 64 * 1024;

  private Sha256Attribute() {}

  /** Records it where the file system can; a replica without it is still a good replica. */
  static void record(Path path, String sha256Hex) {
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes != null) {
        attributes.write(NAME, ByteBuffer.wrap(Sha256.fromHex(sha256Hex)));
      }
    } catch (IOException | UnsupportedOperationException e) {
      // tmpfs of old kernels, NFS before 4.2, FAT: read() answers null
      return;
    }
  }

  /**
   * @return lower-case hex, or null if none is recorded or it is not 32 bytes
   * @throws NoSuchFileException if there is no such file
   */
  static @Nullable String read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes == null || attributes.size(NAME) != SIZE_BYTES) {
        return null;
      }
      ByteBuffer value = ByteBuffer.allocate(SIZE_BYTES);
      attributes.read(NAME, value);
      return value.hasRemaining() ? null : Sha256.toHex(value.array());
    } catch (IOException | UnsupportedOperationException e) {
      return null; // no such attribute is an IOException whose text depends on the system
    }
  }

  private static UserDefinedFileAttributeView attributes(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }

  /** Reads the whole file. */
  static String compute(Path path) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[COPY_BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.toHex(digest.digest());
  }
}

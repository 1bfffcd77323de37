package io.walsync.replica.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * The checksum of the database after a file, kept as 8 bytes in its extended attribute {@code
 * user.walsync.database-checksum}, like {@link Sha256Attribute}.
 */
final class DatabaseChecksumAttribute {

  private static final String NAME = "walsync.database-checksum";

  private DatabaseChecksumAttribute() {}

  /** Records it where the file system can, unless it is 0. */
  static void record(Path path, long checksum) {
    if (checksum == 0) {
      return;
    }
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes != null) {
        ByteBuffer value = ByteBuffer.allocate(Long.BYTES);
        value.putLong(0, checksum);
        attributes.write(NAME, value);
      }
    } catch (IOException | UnsupportedOperationException notHere) {
      return;
    }
  }

  /**
   * @return 0 if none is recorded
   * @throws NoSuchFileException if there is no such file
   */
  static long read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes == null || attributes.size(NAME) != Long.BYTES) {
        return 0;
      }
      ByteBuffer value = ByteBuffer.allocate(Long.BYTES);
      attributes.read(NAME, value);
      return value.hasRemaining() ? 0 : value.getLong(0);
    } catch (IOException | UnsupportedOperationException e) {
      return 0; // no such attribute is an IOException whose text depends on the system
    }
  }

  private static UserDefinedFileAttributeView attributes(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }
}

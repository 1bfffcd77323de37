package io.walsync.replica.file;

import io.walsync.replica.LtxFileMissingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * A number beside a file, kept as 8 bytes in an extended attribute of it, like {@link
 * Sha256Attribute}.
 */
final class NumberAttribute {

  /** The checksum of the database after the file: {@code user.walsync.database-checksum}. */
  static final NumberAttribute DATABASE_CHECKSUM = new NumberAttribute("walsync.database-checksum");

  /** The epoch of its owner: {@code user.walsync.epoch}. */
  static final NumberAttribute EPOCH = new NumberAttribute("walsync.epoch");

  private final String name;

  private NumberAttribute(String name) {
    this.name = name;
  }

  /** Records it where the file system can, unless it is 0. */
  void record(Path path, long number) {
    if (number == 0) {
      return;
    }
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes != null) {
        ByteBuffer value = ByteBuffer.allocate(Long.BYTES);
        value.putLong(0, number);
        attributes.write(name, value);
      }
    } catch (IOException | UnsupportedOperationException notHere) {
      return;
    }
  }

  /**
   * @return 0 if none is recorded
   * @throws LtxFileMissingException if there is no such file
   */
  long read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw FileFailure.ofReading(
          "read " + name + " of", path, new NoSuchFileException(path.toString()));
    }
    try {
      UserDefinedFileAttributeView attributes = attributes(path);
      if (attributes == null || attributes.size(name) != Long.BYTES) {
        return 0;
      }
      ByteBuffer value = ByteBuffer.allocate(Long.BYTES);
      attributes.read(name, value);
      return value.hasRemaining() ? 0 : value.getLong(0);
    } catch (IOException | UnsupportedOperationException e) {
      return 0; // no such attribute is an IOException whose text depends on the system
    }
  }

  private static UserDefinedFileAttributeView attributes(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }
}

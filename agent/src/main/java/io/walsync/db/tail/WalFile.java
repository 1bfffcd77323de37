package io.walsync.db.tail;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code -wal} beside its writers. SQLite takes no locks on this file, so it may be opened
 * and closed at any time.
 *
 * <p>Threading: one thread at a time.
 */
public final class WalFile implements Closeable {

  private final File path;

  /** Null until there is a file to read. */
  private @Nullable FileChannel channel;

  public WalFile(File path) {
    this.path = path;
  }

  /** The file beside {@code database} that SQLite keeps its WAL in. */
  public static File pathOf(File database) {
    return new File(database.getPath() + "-wal");
  }

  /**
   * Reads {@code length} bytes from {@code offset} on, or less if the file ends before.
   *
   * @return bytes read; 0 if the file ends before {@code offset} or does not exist
   */
  public int read(long offset, byte[] target, int length) throws IOException {
    FileChannel open = open();
    if (open == null) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
    while (buffer.hasRemaining()) {
      int count = open.read(buffer, offset + buffer.position());
      if (count < 0) {
        break;
      }
    }
    return buffer.position();
  }

  /**
   * Size of the file in bytes; 0 if it does not exist. After a restart of the WAL it is larger than
   * the content.
   */
  public long sizeBytes() throws IOException {
    FileChannel open = open();
    return open == null ? 0 : open.size();
  }

  private @Nullable FileChannel open() throws IOException {
    if (channel == null) {
      try {
        channel = FileChannel.open(path.toPath(), StandardOpenOption.READ);
      } catch (NoSuchFileException | FileNotFoundException none) {
        return null;
      }
    }
    return channel;
  }

  /** Closes the open file. The next read opens the file that is at the path then. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      FileChannel closing = channel;
      channel = null;
      closing.close();
    }
  }
}

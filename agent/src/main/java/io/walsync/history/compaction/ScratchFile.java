package io.walsync.history.compaction;

import io.walsync.ltx.LtxSpill;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that goes with the process: it has no name any more once it is open, or where a system
 * keeps the names of open files, until it is closed.
 *
 * <p>Threading: one thread writes; then any number read.
 */
final class ScratchFile implements LtxSpill, Closeable {

  private final Path path;
  private final FileChannel channel;
  private long sizeBytes;

  private ScratchFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * @param folder null for the system's
   */
  static ScratchFile create(@Nullable Path folder) throws IOException {
    Path path =
        folder == null
            ? Files.createTempFile("walsync-merge", ".tmp")
            : Files.createTempFile(folder, "walsync-merge", ".tmp");
    ScratchFile file =
        new ScratchFile(
            path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    file.deleteName();
    return file;
  }

  private void deleteName() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException inUse) {
      return; // on Windows; close() tries again
    }
  }

  long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void append(byte[] bytes, int offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
    while (buffer.hasRemaining()) {
      sizeBytes += channel.write(buffer, sizeBytes);
    }
  }

  @Override
  public void read(long from, byte[] to, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(to, 0, count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("a scratch file ends at byte " + (from + buffer.position()));
      }
    }
  }

  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        append(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        append(bytes, offset, count);
      }
    };
  }

  /** From a byte on to the end. Closing the stream leaves the file open. */
  InputStream input(long offset, Stop stop) {
    return new InputStream() {
      private long at = offset;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int toOffset, int count) throws IOException {
        stop.check();
        int most = (int) Math.min(count, sizeBytes - at);
        if (most <= 0) {
          return count == 0 ? 0 : -1;
        }
        int read = channel.read(ByteBuffer.wrap(to, toOffset, most), at);
        at += Math.max(0, read);
        return read;
      }
    };
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      deleteName();
    }
  }
}

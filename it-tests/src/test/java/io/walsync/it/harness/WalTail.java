package io.walsync.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What stands in a WAL file, and how much of it SQLite counts: read from the files, so only while
 * nobody in this JVM has the database open. Says whether a test hit the moment it wants; what is
 * right is never judged by it.
 */
public final class WalTail {

  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int COUNT_OFFSET = 16;

  private final ByteBuffer wal;
  private final long countedFrames;
  private long committedFrames;
  private long committedBytes = HEADER_BYTES;

  private WalTail(ByteBuffer wal, long countedFrames) {
    this.wal = wal;
    this.countedFrames = countedFrames;
  }

  public static WalTail of(Path database) {
    byte[] index = read(database.resolveSibling(database.getFileName() + "-shm"));
    long counted =
        index.length < COUNT_OFFSET + 4
            ? 0
            : Integer.toUnsignedLong(
                ByteBuffer.wrap(index).order(ByteOrder.nativeOrder()).getInt(COUNT_OFFSET));
    WalTail tail = new WalTail(ByteBuffer.wrap(read(wal(database))), counted);
    tail.scan();
    return tail;
  }

  public static Path wal(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  /** Whether a valid commit is in the file that SQLite, as long as somebody is there, denies. */
  public boolean isAheadOfCount() {
    return countedFrames > 0 && committedFrames > countedFrames;
  }

  /** The two words that change with each run of the WAL; 0 without a WAL. */
  public long salts() {
    return wal.capacity() < HEADER_BYTES ? 0 : wal.getLong(16);
  }

  /** Where the last valid commit ends. */
  public long committedBytes() {
    return committedBytes;
  }

  private void scan() {
    if (wal.capacity() < HEADER_BYTES) {
      return;
    }
    int pageSize = wal.getInt(8);
    ByteOrder order = (wal.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long sum = sum(0, 0, 24, order);
    int frame = FRAME_HEADER_BYTES + pageSize;
    long count = 0;
    for (int at = HEADER_BYTES; at + frame <= wal.capacity(); at += frame) {
      sum = sum(sum(sum, at, 8, order), at + FRAME_HEADER_BYTES, pageSize, order);
      if (wal.getLong(at + 8) != salts() || wal.getLong(at + 16) != sum) {
        return;
      }
      count++;
      if (wal.getInt(at + 4) != 0) {
        committedFrames = count;
        committedBytes = at + frame;
      }
    }
  }

  private long sum(long state, int from, int length, ByteOrder order) {
    ByteBuffer words = wal.duplicate().order(order);
    int first = (int) (state >>> 32);
    int second = (int) state;
    for (int at = from; at < from + length; at += 8) {
      first += words.getInt(at) + second;
      second += words.getInt(at + 4) + first;
    }
    return (long) first << 32 | second & 0xffffffffL;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.walsync.doctor;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the first 100 bytes of a database file say, or why there are none. */
public final class DatabaseHeader {

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 100;
  private static final int PAGE_SIZE_OFFSET = 16;
  private static final int READ_VERSION_OFFSET = 19;
  private static final int LARGEST_ROOT_OFFSET = 52;
  private static final int INCREMENTAL_OFFSET = 64;
  private static final int WAL = 2;
  private static final int LARGEST_PAGE = 65536;

  final boolean exists;
  final long sizeBytes;

  /** Why it cannot be a database; null if it is one. */
  final @Nullable String problem;

  final boolean isWal;
  final int pageSize;

  /** {@code none}, {@code full} or {@code incremental}. */
  final String autoVacuum;

  DatabaseHeader(boolean exists, long sizeBytes, @Nullable String problem, byte[] header) {
    this.exists = exists;
    this.sizeBytes = sizeBytes;
    this.problem = problem;
    this.isWal = header[READ_VERSION_OFFSET] == WAL;
    int stored = (header[PAGE_SIZE_OFFSET] & 0xff) << 8 | header[PAGE_SIZE_OFFSET + 1] & 0xff;
    this.pageSize = stored == 1 ? LARGEST_PAGE : stored;
    this.autoVacuum =
        !isAnySet(header, LARGEST_ROOT_OFFSET)
            ? "none"
            : isAnySet(header, INCREMENTAL_OFFSET) ? "incremental" : "full";
  }

  /** Opens and closes the file: only for a process that has no connection to it. */
  public static DatabaseHeader read(File file) {
    byte[] header = new byte[HEADER_BYTES];
    if (!file.exists()) {
      return new DatabaseHeader(false, 0, "there is no such file", header);
    }
    long size = file.length();
    if (!file.isFile()) {
      return new DatabaseHeader(true, size, "it is no file", header);
    }
    if (size == 0) {
      return new DatabaseHeader(true, size, "it is empty", header);
    }
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      in.readFully(header);
    } catch (EOFException e) {
      return new DatabaseHeader(true, size, "it is no SQLite database", new byte[HEADER_BYTES]);
    } catch (IOException e) {
      return new DatabaseHeader(true, size, "it cannot be read: " + e.getMessage(), header);
    }
    boolean isSqlite = Arrays.equals(Arrays.copyOf(header, MAGIC.length), MAGIC);
    return new DatabaseHeader(true, size, isSqlite ? null : "it is no SQLite database", header);
  }

  /** Bytes of the file; 0 if there is none. */
  public long sizeBytes() {
    return sizeBytes;
  }

  private static boolean isAnySet(byte[] header, int offset) {
    return (header[offset] | header[offset + 1] | header[offset + 2] | header[offset + 3]) != 0;
  }
}

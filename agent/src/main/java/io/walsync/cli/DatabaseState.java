package io.walsync.cli;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a database file's header says, without SQLite. For the process of the command line only:
 * opening and closing a database file drops the locks its process has on it.
 */
final class DatabaseState {

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 100;
  private static final int WRITE_VERSION_OFFSET = 18;
  private static final int READ_VERSION_OFFSET = 19;
  private static final int ROLLBACK = 1;
  private static final int WAL = 2;

  private final boolean exists;
  private final long sizeBytes;
  private final @Nullable String problem;
  private final @Nullable String journalMode;

  private DatabaseState(
      boolean exists, long sizeBytes, @Nullable String problem, @Nullable String journalMode) {
    this.exists = exists;
    this.sizeBytes = sizeBytes;
    this.problem = problem;
    this.journalMode = journalMode;
  }

  static DatabaseState of(File file) {
    if (!file.exists()) {
      return new DatabaseState(false, 0, null, null);
    }
    long size = file.length();
    if (!file.isFile()) {
      return new DatabaseState(true, size, "not a file", null);
    }
    if (size == 0) {
      return new DatabaseState(true, size, "empty", null);
    }
    byte[] header = new byte[HEADER_BYTES];
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      in.readFully(header);
    } catch (EOFException e) {
      return new DatabaseState(true, size, "not a database", null);
    } catch (IOException e) {
      return new DatabaseState(true, size, "cannot be read", null);
    }
    return Arrays.equals(Arrays.copyOf(header, MAGIC.length), MAGIC)
        ? new DatabaseState(true, size, null, journalMode(header))
        : new DatabaseState(true, size, "not a database", null);
  }

  private static String journalMode(byte[] header) {
    int write = header[WRITE_VERSION_OFFSET];
    int read = header[READ_VERSION_OFFSET];
    if (write == WAL && read == WAL) {
      return "wal";
    }
    return write == ROLLBACK && read == ROLLBACK ? "rollback" : "unknown";
  }

  boolean exists() {
    return exists;
  }

  /** Whether the file is an SQLite database with something in it. */
  boolean isDatabase() {
    return journalMode != null;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** {@code wal}, {@code rollback} or {@code unknown}; null if there is no database. */
  @Nullable String journalMode() {
    return journalMode;
  }

  /** For people: the journal mode, or why there is none. */
  @Override
  public String toString() {
    if (!exists) {
      return "missing";
    }
    return problem == null ? String.valueOf(journalMode) : problem;
  }
}

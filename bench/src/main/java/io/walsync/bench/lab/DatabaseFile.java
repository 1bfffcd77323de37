package io.walsync.bench.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/** Database files that nobody has open. */
public final class DatabaseFile {

  private static final int PAGE_SIZE_OFFSET = 16;
  private static final long LOCK_PAGE_BYTE = 0x40000000L;

  private DatabaseFile() {}

  /** Folds a WAL that is left into the file. */
  static void settle(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw new LabException("cannot settle " + file, e);
    }
  }

  /** Every byte but the lock page, which SQLite never reads nor writes. */
  public static void requireSame(Path expected, Path actual) {
    try {
      long size = Files.size(expected);
      if (size != Files.size(actual)) {
        throw new LabException(
            actual + " has " + Files.size(actual) + " bytes, " + expected + " has " + size);
      }
      int pageSize = pageSize(expected);
      long lockPage = LOCK_PAGE_BYTE / pageSize;
      try (InputStream left = open(expected);
          InputStream right = open(actual)) {
        for (long page = 0; page * pageSize < size; page++) {
          boolean isSame = Arrays.equals(left.readNBytes(pageSize), right.readNBytes(pageSize));
          if (!isSame && page != lockPage) {
            throw new LabException(actual + " differs from " + expected + " in page " + (page + 1));
          }
        }
      }
    } catch (IOException e) {
      throw new LabException("cannot compare " + actual, e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), 1 << 20);
  }

  private static int pageSize(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] header = in.readNBytes(PAGE_SIZE_OFFSET + 2);
      int stored = (header[PAGE_SIZE_OFFSET] & 0xff) << 8 | (header[PAGE_SIZE_OFFSET + 1] & 0xff);
      return stored == 1 ? 65536 : stored;
    }
  }

  /** Copies the bytes and waits until they are on the disk. Returns the seconds it took. */
  public static double copy(Path from, Path to) {
    long start = System.nanoTime();
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = in.size();
      for (long done = 0; done < size; ) {
        done += in.transferTo(done, size - done, out);
      }
      out.force(true);
    } catch (IOException e) {
      throw new LabException("cannot copy " + from, e);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new LabException("cannot delete " + file, e);
    }
  }
}

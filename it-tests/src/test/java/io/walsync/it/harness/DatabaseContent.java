package io.walsync.it.harness;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Compares two database files that nobody has open. */
public final class DatabaseContent {

  private static final int HEADER_BYTES = 100;

  private DatabaseContent() {}

  /** For files that no other process has open: closing checkpoints and removes the WAL. */
  static Connection connect(Path file) throws SQLException {
    if (!Files.isRegularFile(file)) {
      throw new AssertionError("there is no " + file);
    }
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** Folds a WAL that is left into the database file, as the next application would. */
  public static void settle(Path file) {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw new AssertionError("cannot settle " + file, e);
    }
  }

  /**
   * Fails at the first byte that differs. The lock page, which SQLite never reads nor writes, is
   * left out, and neither file may have a WAL.
   */
  public static void sameBytes(Path expected, Path actual) {
    try {
      requireNoWal(expected);
      requireNoWal(actual);
      long size = Files.size(expected);
      if (size != Files.size(actual)) {
        throw new AssertionError(
            actual + " has " + Files.size(actual) + " bytes, " + expected + " has " + size);
      }
      compare(expected, actual, size, pageSize(expected));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compare(Path expected, Path actual, long size, int pageSize)
      throws IOException {
    long lockPageStart = 0x40000000L / pageSize * pageSize;
    byte[] left = new byte[pageSize];
    byte[] right = new byte[pageSize];
    try (InputStream expectedBytes = new BufferedInputStream(Files.newInputStream(expected));
        InputStream actualBytes = new BufferedInputStream(Files.newInputStream(actual))) {
      for (long start = 0; start < size; start += pageSize) {
        expectedBytes.readNBytes(left, 0, pageSize);
        actualBytes.readNBytes(right, 0, pageSize);
        int difference = java.util.Arrays.mismatch(left, right);
        if (difference >= 0 && start != lockPageStart) {
          throw new AssertionError(
              actual
                  + " differs from "
                  + expected
                  + " in page "
                  + (start / pageSize + 1)
                  + " of "
                  + (size / pageSize)
                  + " at byte "
                  + difference);
        }
      }
    }
  }

  private static void requireNoWal(Path database) throws IOException {
    Path wal = database.resolveSibling(database.getFileName() + "-wal");
    if (Files.exists(wal) && Files.size(wal) > 0) {
      throw new AssertionError(database + " still has a WAL of " + Files.size(wal) + " bytes");
    }
  }

  public static int pageSize(Path database) {
    byte[] header = header(database);
    int stored = (header[16] & 0xff) << 8 | header[17] & 0xff;
    return stored == 1 ? 65536 : stored;
  }

  private static byte[] header(Path database) {
    try (InputStream file = Files.newInputStream(database)) {
      return file.readNBytes(HEADER_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** First column of the first row. */
  public static String query(Path database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new AssertionError("cannot ask " + database + ": " + sql, e);
    }
  }
}

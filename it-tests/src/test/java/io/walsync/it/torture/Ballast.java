package io.walsync.it.torture;

import io.walsync.it.harness.LedgerContent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A table that makes a ledger large: each row about a page of noise, and each commit changes a few
 * of them, far apart. An image that was read while somebody wrote does not agree with its log.
 */
final class Ballast {

  static final Ballast NONE = new Ballast(0);

  private static final int ROW_BYTES = 3000;
  private static final long STRIDE = 7919;

  private final int rowCount;

  Ballast(int rowCount) {
    this.rowCount = rowCount;
  }

  boolean isNone() {
    return rowCount == 0;
  }

  /** To be made after the ledger and before its first row. */
  void make(Statement statement) throws SQLException {
    if (isNone()) {
      return;
    }
    statement.execute("CREATE TABLE ballast(id INTEGER PRIMARY KEY, seq INT, noise BLOB)");
    statement.execute(
        "INSERT INTO ballast WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + (rowCount - 1)
            + ") SELECT i, 0, randomblob("
            + ROW_BYTES
            + ") FROM n");
    statement.execute(
        "CREATE TRIGGER apply_ballast AFTER INSERT ON log WHEN new.seq > 0 BEGIN"
            + " UPDATE ballast SET seq = new.seq, noise = randomblob("
            + ROW_BYTES
            + ") WHERE id IN (new.seq % "
            + rowCount
            + ", "
            + (rowCount - 1)
            + " - new.seq % "
            + rowCount
            + ", new.seq * "
            + STRIDE
            + " % "
            + rowCount
            + "); END");
  }

  /** Fails unless every row is what the log of the same file makes of it. */
  void check(Path file, LedgerContent ledger) {
    if (isNone() || ledger.lastSeq() < 0) {
      return;
    }
    long[] expected = new long[rowCount];
    for (long seq = 1; seq <= ledger.lastSeq(); seq++) {
      expected[(int) (seq % rowCount)] = seq;
      expected[(int) (rowCount - 1 - seq % rowCount)] = seq;
      expected[(int) (seq * STRIDE % rowCount)] = seq;
    }
    int id = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, seq FROM ballast ORDER BY id")) {
      for (; row.next(); id++) {
        if (row.getInt(1) != id || row.getLong(2) != expected[id]) {
          throw new AssertionError(
              file
                  + " (log up to "
                  + ledger.lastSeq()
                  + ") is torn: row "
                  + id
                  + " of the ballast is of "
                  + row.getLong(2)
                  + " and not of "
                  + expected[id]);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(file + " has no readable ballast", e);
    }
    if (id != rowCount) {
      throw new AssertionError(file + " has " + id + " rows of ballast");
    }
  }
}

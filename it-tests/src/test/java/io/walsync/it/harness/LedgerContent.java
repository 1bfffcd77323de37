package io.walsync.it.harness;

import io.walsync.it.app.Ledger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a ledger and proves that it is a committed state: the hash chain is whole, the last
 * transaction is complete, both other tables are exactly what the log says, SQLite finds no damage.
 * Reading opens and closes the file; where it is the last to close it, it takes the WAL away.
 */
public final class LedgerContent {

  private final Path file;
  private final List<Long> hashes = new ArrayList<>();
  private final BitSet commits = new BitSet();

  private LedgerContent(Path file) {
    this.file = file;
  }

  /** Fails with what is wrong if the file is not a committed state of a ledger. */
  public static LedgerContent of(Path file) {
    LedgerContent content = new LedgerContent(file);
    try (Connection connection = DatabaseContent.connect(file);
        Statement statement = connection.createStatement()) {
      // One read transaction: somebody may be writing.
      statement.execute("BEGIN");
      content.checkIntegrity(statement);
      if (hasSchema(statement)) {
        content.checkReplay(statement);
      }
      return content;
    } catch (SQLException e) {
      throw new AssertionError(file + " is no readable ledger", e);
    }
  }

  /** Before the ledger was made there is an empty database, a committed state like others. */
  private static boolean hasSchema(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
      return row.next() && row.getInt(1) > 0;
    }
  }

  /** Sequence number of the last row of the log; -1 for a database without tables. */
  public long lastSeq() {
    return hashes.size() - 1L;
  }

  /** Chain value of one row of the log, which stands for it and all before it. */
  public long hash(long seq) {
    return hashes.get((int) seq);
  }

  /** Whether a transaction ended with this row of the log. */
  public boolean isCommit(long seq) {
    return commits.get((int) seq);
  }

  /** Fails unless this is a state that {@code source} went through. */
  public LedgerContent isPrefixOf(LedgerContent source) {
    require(lastSeq() <= source.lastSeq(), "is ahead of its source: " + source.lastSeq());
    int last = (int) lastSeq();
    require(
        last < 0 || hashes.get(last).equals(source.hashes.get(last)),
        "is no state of its source: hash differs at " + last);
    return this;
  }

  /** Fails unless this is the same state as {@code source}. */
  public LedgerContent isTheSameAs(LedgerContent source) {
    require(lastSeq() == source.lastSeq(), "is not at the tip of its source: " + source.lastSeq());
    return isPrefixOf(source);
  }

  private void checkIntegrity(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
      row.next();
      require(row.getString(1).equals("ok"), "integrity_check: " + row.getString(1));
    }
  }

  private void checkReplay(Statement statement) throws SQLException {
    long[] accounts = new long[Ledger.ACCOUNT_COUNT];
    long[] accountSeqs = new long[Ledger.ACCOUNT_COUNT];
    Map<Integer, long[]> blobs = new TreeMap<>();
    int remaining = 0;
    try (ResultSet row =
        statement.executeQuery(
            "SELECT seq, writer, remaining, op, id, size, hash FROM log ORDER BY seq")) {
      while (row.next()) {
        long seq = row.getLong(1);
        int id = row.getInt(5);
        int size = row.getInt(6);
        remaining = row.getInt(3);
        require(seq == hashes.size(), "log row " + hashes.size() + " is missing");
        require(row.getLong(7) == nextHash(row, seq), "hash chain breaks at " + seq);
        hashes.add(row.getLong(7));
        commits.set((int) seq, remaining == 0);
        if (seq > 0) {
          int account = id % Ledger.ACCOUNT_COUNT;
          accounts[account] = (accounts[account] * 31 + seq * 7 + id) % Ledger.MODULUS;
          accountSeqs[account] = seq;
          apply(blobs, row.getInt(4), id, seq, size);
        }
      }
    }
    require(remaining == 0, "ends inside a transaction, " + remaining + " rows short");
    compareAccounts(statement, accounts, accountSeqs);
    compareBlobs(statement, blobs);
  }

  private long nextHash(ResultSet row, long seq) throws SQLException {
    if (seq == 0) {
      return Ledger.FIRST_HASH;
    }
    int salt = row.getInt(4) * 7 + row.getInt(5) * 13 + row.getInt(6) * 17 + row.getInt(2);
    return (hashes.get((int) seq - 1) * Ledger.FACTOR + seq * 31 + salt) % Ledger.MODULUS;
  }

  private static void apply(Map<Integer, long[]> blobs, int op, int id, long seq, int size) {
    if (op == Ledger.Operation.PUT.code()) {
      blobs.put(id, new long[] {seq, size});
    } else {
      int group = id % Ledger.DELETE_STRIDE;
      blobs.keySet().removeIf(blob -> blob % Ledger.DELETE_STRIDE == group);
    }
  }

  private void compareAccounts(Statement statement, long[] values, long[] seqs)
      throws SQLException {
    int id = 0;
    try (ResultSet row = statement.executeQuery("SELECT id, value, seq FROM account ORDER BY id")) {
      for (; row.next(); id++) {
        boolean isEqual =
            row.getInt(1) == id && row.getLong(2) == values[id] && row.getLong(3) == seqs[id];
        require(isEqual, "account " + id + " is not what the log says");
      }
    }
    require(id == Ledger.ACCOUNT_COUNT, "has " + id + " accounts");
  }

  private void compareBlobs(Statement statement, Map<Integer, long[]> expected)
      throws SQLException {
    int count = 0;
    try (ResultSet row = statement.executeQuery("SELECT id, seq, body FROM blob ORDER BY id")) {
      for (; row.next(); count++) {
        long[] blob = expected.get(row.getInt(1));
        require(blob != null, "blob " + row.getInt(1) + " should be deleted");
        boolean isEqual =
            row.getLong(2) == blob[0] && row.getString(3).equals(body(blob[0], (int) blob[1]));
        require(isEqual, "blob " + row.getInt(1) + " is not what the log says");
      }
    }
    require(count == expected.size(), "has " + count + " blobs instead of " + expected.size());
  }

  private static String body(long seq, int size) {
    String unit = seq + ".";
    return unit.repeat(size / unit.length() + 1).substring(0, size);
  }

  private void require(boolean condition, String complaint) {
    if (!condition) {
      throw new AssertionError(file + " (log up to " + lastSeq() + ") " + complaint);
    }
  }
}

package io.walsync.it.app;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Appends transactions to a ledger through one connection at a time. BUSY is tried again, since
 * several writers and foreign processes share the file; every other error is the caller's.
 */
final class LedgerWriter {

  /** Tries of one transaction before BUSY counts as an error; each waits busy_timeout first. */
  private static final int BUSY_TRY_COUNT = 20;

  private static final int SQLITE_BUSY = 5;
  private static final int PRIMARY_CODE_MASK = 0xff;

  private final int writer;
  private final Random random;
  private final CommitJournal journal;

  LedgerWriter(int writer, Random random, CommitJournal journal) {
    this.writer = writer;
    this.random = random;
    this.journal = journal;
  }

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (String sql : Ledger.schema()) {
        statement.execute(sql);
      }
      statement.execute("COMMIT");
    }
  }

  /** One PUT as a statement of its own; returns the sequence number it committed. */
  long put(Connection connection, int sizeCharacters) throws SQLException {
    String sql = Ledger.append(writer, 0, Ledger.Operation.PUT, nextId(), sizeCharacters);
    return retryingBusy(connection, statement -> statement.executeUpdate(sql));
  }

  /** One DELETE of a sixteenth of the blobs as a statement of its own. */
  long delete(Connection connection) throws SQLException {
    String sql = Ledger.append(writer, 0, Ledger.Operation.DELETE, nextId(), 0);
    return retryingBusy(connection, statement -> statement.executeUpdate(sql));
  }

  /** One transaction of {@code rowCount} appends; returns the last sequence number committed. */
  long transaction(Connection connection, int rowCount, int maxCharacters) throws SQLException {
    return retryingBusy(
        connection,
        statement -> {
          statement.execute("BEGIN IMMEDIATE");
          for (int remaining = rowCount - 1; remaining >= 0; remaining--) {
            statement.executeUpdate(randomAppend(remaining, maxCharacters));
          }
          statement.execute("COMMIT");
        });
  }

  private String randomAppend(int remaining, int maxCharacters) {
    if (random.nextInt(40) == 0) {
      return Ledger.append(writer, remaining, Ledger.Operation.DELETE, nextId(), 0);
    }
    int size = 1 + random.nextInt(maxCharacters);
    return Ledger.append(writer, remaining, Ledger.Operation.PUT, nextId(), size);
  }

  private int nextId() {
    return random.nextInt(Ledger.BLOB_ID_COUNT);
  }

  private long retryingBusy(Connection connection, Work work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Statement statement = connection.createStatement()) {
        work.run(statement);
        long seq = lastSeq(statement);
        journal.committed(seq);
        return seq;
      } catch (SQLException failure) {
        rollBack(connection);
        if (!isBusy(failure) || attempt == BUSY_TRY_COUNT) {
          throw failure;
        }
      }
    }
  }

  private static long lastSeq(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT last_insert_rowid()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void rollBack(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException noTransactionIsOpen) {
      if (!noTransactionIsOpen.getMessage().contains("no transaction is active")) {
        throw noTransactionIsOpen;
      }
    }
  }

  static boolean isBusy(SQLException failure) {
    return (failure.getErrorCode() & PRIMARY_CODE_MASK) == SQLITE_BUSY;
  }

  private interface Work {
    void run(Statement statement) throws SQLException;
  }
}

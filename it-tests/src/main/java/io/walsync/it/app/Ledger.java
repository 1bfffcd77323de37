package io.walsync.it.app;

import java.util.Arrays;
import java.util.List;

/**
 * A database whose every committed state proves itself. Each row of {@code log} carries a hash over
 * its predecessor's, and triggers apply it to two other tables; so the whole content follows from
 * the log, and {@code remaining} tells whether a transaction is complete. The arithmetic stays
 * below 2^63 and uses only SQL that every SQLite understands, so that JDBC, the {@code sqlite3}
 * shell and {@code LedgerContent} compute the same.
 */
public final class Ledger {

  public static final int ACCOUNT_COUNT = 100;
  public static final int BLOB_ID_COUNT = 4000;

  /** A delete removes every blob whose id is congruent to the operation's id. */
  public static final int DELETE_STRIDE = 16;

  public static final long FIRST_HASH = 1;
  public static final long MODULUS = 2147483647L;
  public static final long FACTOR = 1000003L;

  /** What one row of the log does to the blobs. */
  public enum Operation {
    PUT,
    DELETE;

    @SuppressWarnings("EnumOrdinal") // stands in rows of one run alone
    public int code() {
      return ordinal() + 1;
    }
  }

  private Ledger() {}

  /** The statements that make an empty ledger; to be run in one transaction. */
  public static List<String> schema() {
    return Arrays.asList(
        "CREATE TABLE log(seq INTEGER PRIMARY KEY, writer INT, remaining INT, op INT, id INT,"
            + " size INT, hash INT)",
        "CREATE TABLE account(id INTEGER PRIMARY KEY, value INT, seq INT)",
        "CREATE TABLE blob(id INTEGER PRIMARY KEY, seq INT, body TEXT)",
        "CREATE INDEX blob_seq ON blob(seq)",
        accounts(),
        accountTrigger(),
        putTrigger(),
        deleteTrigger(),
        "INSERT INTO log VALUES(0, 0, 0, 0, 0, 0, " + FIRST_HASH + ")");
  }

  private static String accounts() {
    StringBuilder sql = new StringBuilder("INSERT INTO account SELECT 0, 0, 0");
    for (int id = 1; id < ACCOUNT_COUNT; id++) {
      sql.append(" UNION ALL SELECT ").append(id).append(", 0, 0");
    }
    return sql.toString();
  }

  private static String accountTrigger() {
    return "CREATE TRIGGER apply_account AFTER INSERT ON log WHEN new.seq > 0 BEGIN"
        + " UPDATE account SET value = (value * 31 + new.seq * 7 + new.id) % "
        + MODULUS
        + ", seq = new.seq WHERE id = new.id % "
        + ACCOUNT_COUNT
        + "; END";
  }

  private static String putTrigger() {
    return "CREATE TRIGGER apply_put AFTER INSERT ON log WHEN new.op = 1 BEGIN"
        + " INSERT OR REPLACE INTO blob VALUES(new.id, new.seq, substr(replace("
        + "hex(zeroblob((new.size + 1) / 2)), '00', new.seq || '.'), 1, new.size)); END";
  }

  private static String deleteTrigger() {
    return "CREATE TRIGGER apply_delete AFTER INSERT ON log WHEN new.op = 2 BEGIN"
        + " DELETE FROM blob WHERE id % "
        + DELETE_STRIDE
        + " = new.id % "
        + DELETE_STRIDE
        + "; END";
  }

  /**
   * One row appended to the log.
   *
   * @param remaining how many more rows the same transaction appends after this one
   * @param id 0 to {@link #BLOB_ID_COUNT} - 1
   * @param sizeCharacters length of the blob that a PUT leaves; 0 for DELETE
   */
  public static String append(
      int writer, int remaining, Operation operation, int id, int sizeCharacters) {
    int salt = operation.code() * 7 + id * 13 + sizeCharacters * 17 + writer;
    return "INSERT INTO log SELECT seq + 1, "
        + writer
        + ", "
        + remaining
        + ", "
        + operation.code()
        + ", "
        + id
        + ", "
        + sizeCharacters
        + ", (hash * "
        + FACTOR
        + " + (seq + 1) * 31 + "
        + salt
        + ") % "
        + MODULUS
        + " FROM log WHERE seq = (SELECT max(seq) FROM log)";
  }
}

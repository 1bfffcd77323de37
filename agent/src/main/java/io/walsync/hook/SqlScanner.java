package io.walsync.hook;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the kind of a statement from its first keyword; whatever is not recognised may write.
 *
 * <p>Threading: stateless.
 */
final class SqlScanner {

  /**
   * Bytes of a statement that are read. No keyword is searched beyond; longer statements are
   * INSERTs with data.
   */
  private static final int SCANNED_BYTES = 256;

  private static final int LONGEST_KEYWORD = 10;

  /**
   * Longest statement that is checked for a FROM: the drivers' question for the last key, asked at
   * each INSERT, is shorter.
   */
  private static final int LONGEST_READ_OF_NOTHING = 64;

  /** PRAGMAs that may write although they are given no value. */
  private static final Pattern WRITING =
      Pattern.compile("\\b(incremental_vacuum|optimize|wal_checkpoint|shrink_memory)\\b");

  /** PRAGMAs that only list, whatever they are given. */
  private static final Pattern LISTING =
      Pattern.compile(
          "\\b(table_info|table_xinfo|table_list|index_list|index_info|index_xinfo"
              + "|foreign_key_list|foreign_key_check|integrity_check|quick_check|database_list"
              + "|collation_list|function_list|module_list|pragma_list|compile_options)\\b");

  /** A statement that sets the locking mode, at its beginning. In lower case. */
  private static final Pattern LOCKING_MODE =
      Pattern.compile("\\s*pragma\\s+(\\w+\\s*\\.\\s*)?locking_mode\\s*[=(]");

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private SqlScanner() {}

  // ---- one statement

  /**
   * @param sql a String, or UTF-8 bytes
   */
  static SqlKind of(Object sql) {
    SqlKind kind = ofHead(sql instanceof byte[] ? (byte[]) sql : head(String.valueOf(sql)));
    return kind == SqlKind.WRITE ? ofWhole(sql) : kind;
  }

  /** The kind where the first bytes do not tell it: after comments, and after a WITH. */
  private static SqlKind ofWhole(Object sql) {
    byte[] bytes = sql instanceof byte[] ? (byte[]) sql : null;
    String text = bytes == null ? String.valueOf(sql) : "";
    int begin = bytes == null ? afterBlanks(text) : afterBlanks(bytes, 0);
    int first = bytes == null ? at(text, begin) : at(bytes, begin);
    boolean isComment = first == '/' || first == '-';
    boolean isBeyond = begin > SCANNED_BYTES - LONGEST_KEYWORD;
    if (!isComment && !isBeyond && first != 'w' && first != 'W') {
      return SqlKind.WRITE;
    }
    byte[] whole = bytes == null ? text.getBytes(StandardCharsets.UTF_8) : bytes;
    int start = afterComments(whole);
    byte[] statement = Arrays.copyOfRange(whole, start, whole.length);
    return isWith(statement) ? ofWith(statement) : ofHead(statement);
  }

  private static int at(String sql, int index) {
    return index < sql.length() ? sql.charAt(index) : 0;
  }

  private static int at(byte[] sql, int index) {
    return index < sql.length ? sql[index] : 0;
  }

  /** Offset at which the statement begins; the length of {@code sql} if there are only comments. */
  private static int afterComments(byte[] sql) {
    int at = afterBlanks(sql, 0);
    while (at + 1 < sql.length) {
      if (sql[at] == '-' && sql[at + 1] == '-') {
        while (at < sql.length && sql[at] != '\n') {
          at++;
        }
      } else if (sql[at] == '/' && sql[at + 1] == '*') {
        at += 2;
        while (at + 1 < sql.length && (sql[at] != '*' || sql[at + 1] != '/')) {
          at++;
        }
        at = Math.min(sql.length, at + 2);
      } else {
        break;
      }
      at = afterBlanks(sql, at);
    }
    return at;
  }

  /** As SQLite does before a statement: it skips those that are empty, and byte order marks. */
  private static int afterBlanks(byte[] sql, int from) {
    int at = from;
    while (at < sql.length) {
      if (sql[at] <= ' ' && sql[at] >= 0 || sql[at] == ';') {
        at++;
      } else if (isByteOrderMark(sql, at)) {
        at += BYTE_ORDER_MARK.length;
      } else {
        break;
      }
    }
    return at;
  }

  private static boolean isByteOrderMark(byte[] sql, int at) {
    for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
      if (at + i >= sql.length || sql[at + i] != BYTE_ORDER_MARK[i]) {
        return false;
      }
    }
    return true;
  }

  private static int afterBlanks(String sql) {
    int at = 0;
    while (at < sql.length() && isBlank(sql.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == ';' || c == 0xFEFF;
  }

  private static boolean isWith(byte[] sql) {
    return sql.length > 4 && "WITH".equals(keyword(sql, 0, 4)) && !isLetter(sql[4]);
  }

  /** A WITH that names none of these is part of a SELECT. */
  private static SqlKind ofWith(byte[] sql) {
    String text = new String(sql, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    boolean mayWrite =
        text.contains("insert")
            || text.contains("update")
            || text.contains("delete")
            || text.contains("replace");
    return mayWrite ? SqlKind.WRITE : SqlKind.READ;
  }

  // ---- several

  /**
   * @param script in lower case
   */
  static SqlKind ofScript(String script) {
    SqlKind pragma = script.contains("pragma") ? ofPragma(script) : SqlKind.WRITE;
    if (pragma == SqlKind.ROLLBACK_MODE) {
      return SqlKind.ROLLBACK_MODE;
    } else if (pragma == SqlKind.EXCLUSIVE
        || pragma == SqlKind.LOCKING_MODE
        || pragma == SqlKind.WAL_MODE) {
      return SqlKind.EXCLUSIVE;
    }
    boolean hasTransaction =
        script.contains("begin")
            || script.contains("commit")
            || script.contains("end")
            || script.contains("rollback")
            || script.contains("savepoint")
            || script.contains("release");
    return hasTransaction ? SqlKind.UNSURE : SqlKind.WRITE;
  }

  /** Whether a string of statements may be about the locking mode, or checkpoint. */
  static boolean isOfWalOrLocking(Object sql) {
    String text = lowerCase(sql);
    return text.contains("locking_mode") || text.contains("wal_checkpoint");
  }

  /** Whether a string of statements may be about the journal mode. */
  static boolean isOfJournalMode(Object sql) {
    return lowerCase(sql).contains("journal_mode");
  }

  /** Whether a string of several statements may set the checkpoint interval. */
  static boolean maySetAutocheckpoint(Object sql) {
    return lowerCase(sql).contains("wal_autocheckpoint");
  }

  static String lowerCase(Object sql) {
    String text =
        sql instanceof byte[]
            ? new String((byte[]) sql, StandardCharsets.UTF_8)
            : String.valueOf(sql);
    return text.toLowerCase(Locale.ROOT);
  }

  static byte[] utf8(Object sql) {
    return sql instanceof byte[]
        ? (byte[]) sql
        : String.valueOf(sql).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] head(String sql) {
    String start = sql.length() > SCANNED_BYTES ? sql.substring(0, SCANNED_BYTES) : sql;
    return start.getBytes(StandardCharsets.UTF_8);
  }

  /** The kind of a statement that begins with its keyword. */
  private static SqlKind ofHead(byte[] sql) {
    int start = afterBlanks(sql, 0);
    int end = start;
    while (end < sql.length && isLetter(sql[end]) && end - start <= LONGEST_KEYWORD) {
      end++;
    }
    switch (keyword(sql, start, end)) {
      case "SELECT":
        return namesNoTable(sql, end) ? SqlKind.READ_NOTHING : SqlKind.READ;
      case "EXPLAIN":
      case "VALUES":
        return SqlKind.READ;
      case "BEGIN":
        return SqlKind.BEGIN;
      case "COMMIT":
      case "END":
        return SqlKind.END;
      case "ROLLBACK":
        return text(sql).contains(" to ") ? SqlKind.UNSURE : SqlKind.END;
      case "SAVEPOINT":
      case "RELEASE":
        return SqlKind.UNSURE;
      case "PRAGMA":
        return ofPragma(text(sql));
      case "ATTACH":
        return SqlKind.ATTACH;
      case "DETACH":
        return SqlKind.DETACH;
      default:
        return SqlKind.WRITE;
    }
  }

  /** Whether a short SELECT has no FROM in it, nor anything like it. */
  private static boolean namesNoTable(byte[] sql, int from) {
    if (sql.length > LONGEST_READ_OF_NOTHING) {
      return false;
    }
    for (int i = from; i + 4 <= sql.length; i++) {
      byte first = sql[i];
      boolean mayBeFrom = first == 'f' || first == 'F';
      if (mayBeFrom && "FROM".equals(keyword(sql, i, i + 4))) {
        return false;
      }
    }
    return true;
  }

  private static SqlKind ofPragma(String text) {
    if (text.contains("wal_autocheckpoint")) {
      return text.indexOf('=') >= 0 || text.indexOf('(') >= 0
          ? SqlKind.AUTOCHECKPOINT
          : SqlKind.READ;
    }
    boolean isBlockingCheckpoint =
        text.contains("wal_checkpoint")
            && (text.contains("full") || text.contains("restart") || text.contains("truncate"));
    if (isBlockingCheckpoint) {
      return SqlKind.EXCLUSIVE;
    }
    if (valueOf(text, "locking_mode") != null) {
      boolean isNormal = "normal".equals(valueOf(text, "locking_mode"));
      return isNormal ? SqlKind.WRITE : ofLockingMode(text);
    }
    String journalMode = valueOf(text, "journal_mode");
    if (journalMode == null) {
      return isReading(text) ? SqlKind.READ : SqlKind.WRITE;
    }
    return "wal".equals(journalMode) ? SqlKind.WAL_MODE : SqlKind.ROLLBACK_MODE;
  }

  /**
   * The kind of a statement that may be about the locking mode.
   *
   * @param text in lower case
   */
  private static SqlKind ofLockingMode(String text) {
    return LOCKING_MODE.matcher(text).lookingAt() ? SqlKind.LOCKING_MODE : SqlKind.EXCLUSIVE;
  }

  /**
   * What a statement, or a string of several, is beside one that keeps a database to itself, if
   * {@link #isOfWalOrLocking} or {@link #maySetAutocheckpoint} holds.
   */
  static SqlKind besideExclusive(Object sql) {
    return isSingle(utf8(sql)) ? ofLockingMode(lowerCase(sql)) : SqlKind.EXCLUSIVE;
  }

  /** Whether a PRAGMA only asks: it is given no value, or is one of those that list things. */
  private static boolean isReading(String text) {
    boolean isAsking = text.indexOf('=') < 0 && text.indexOf('(') < 0;
    return isAsking && !WRITING.matcher(text).find() || LISTING.matcher(text).find();
  }

  /**
   * @return the value that a PRAGMA is given, lower case, empty if it is no word; null if it is
   *     only asked for, or is another
   */
  private static @Nullable String valueOf(String text, String pragma) {
    int at = text.indexOf(pragma);
    if (at < 0 || text.indexOf('=', at) < 0 && text.indexOf('(', at) < 0) {
      return null;
    }
    int start = at + pragma.length();
    while (start < text.length() && !isLetter((byte) text.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < text.length() && isLetter((byte) text.charAt(end))) {
      end++;
    }
    return text.substring(start, end);
  }

  /** Whether there is only one statement in it, as far as can be told without parsing. */
  static boolean isSingle(byte[] sql) {
    for (int i = 0; i < sql.length; i++) {
      if (sql[i] == ';') {
        return isBlankFrom(sql, i + 1);
      }
    }
    return true;
  }

  private static boolean isBlankFrom(byte[] sql, int from) {
    for (int i = from; i < sql.length; i++) {
      if (sql[i] < 0 || sql[i] > ' ') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
  }

  private static String keyword(byte[] sql, int start, int end) {
    switch (end - start) {
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
        return new String(sql, start, end - start, StandardCharsets.ISO_8859_1)
            .toUpperCase(Locale.ROOT);
      default:
        return "";
    }
  }

  private static String text(byte[] sql) {
    return new String(sql, 0, Math.min(sql.length, SCANNED_BYTES), StandardCharsets.UTF_8)
        .toLowerCase(Locale.ROOT);
  }
}

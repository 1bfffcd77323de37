package io.walsync.hook;

import io.walsync.sqlite.NativeDbCalls;
import io.walsync.sqlite.ResultCode;
import java.lang.reflect.Field;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls SQLite on a connection of the application, under the connection's monitor, as the driver
 * itself does. If a driver cannot be called this way, its settings stay, which costs speed and
 * never data.
 */
final class DriverCalls {

  private static final String BUSY_TIMEOUT = "PRAGMA busy_timeout";

  private static final int NAME_COLUMN = 1;
  private static final int FILE_COLUMN = 2;

  /** Most rows that are read: more than SQLite allows databases to be attached. */
  private static final int MAX_DATABASES = 200;

  private DriverCalls() {}

  /** Whether the natives of this NativeDB were woven as it was loaded. */
  static boolean isWovenNative(Object nativeDb) {
    try {
      return nativeDb.getClass().getDeclaredField(NativeDbCalls.HOOK_FIELD) != null;
    } catch (NoSuchFieldException loadedBeforeTheAgent) {
      return false;
    }
  }

  /** Sets the hook in the NativeDB, if its natives were woven when it was loaded. */
  static void setHook(Object nativeDb, ConnectionHook hook) {
    try {
      Field field = nativeDb.getClass().getDeclaredField(NativeDbCalls.HOOK_FIELD);
      field.setAccessible(true);
      field.set(nativeDb, hook);
    } catch (ReflectiveOperationException | RuntimeException foundByTheTable) {
      return;
    }
  }

  /** Runs a PRAGMA that touches no file. */
  static void exec(Object nativeDb, String pragma) {
    try {
      NativeDbCalls.of(nativeDb).exec(nativeDb, pragma);
    } catch (SQLException | RuntimeException keepsItsSetting) {
      return;
    }
  }

  /**
   * Runs a PRAGMA that touches no file.
   *
   * @param column of the first row, from 0
   * @return null if there is no row or the driver cannot be called
   */
  static @Nullable String readText(Object nativeDb, String pragma, int column) {
    try {
      NativeDbCalls calls = NativeDbCalls.of(nativeDb);
      long statement = calls.prepare(nativeDb, pragma);
      if (statement == 0) {
        return null;
      }
      try {
        return calls.step(nativeDb, statement) == ResultCode.ROW
            ? calls.columnText(nativeDb, statement, column)
            : null;
      } finally {
        calls.finish(nativeDb, statement);
      }
    } catch (SQLException | RuntimeException notThisWay) {
      return null;
    }
  }

  /** Whether a connection keeps one of its databases to itself. */
  static boolean isExclusive(Object nativeDb, String schema) {
    String mode = readText(nativeDb, "PRAGMA " + quoted(schema) + ".locking_mode", 0);
    return "exclusive".equals(mode);
  }

  /**
   * Reads nothing, and waits for nobody. SQLite keeps the file to itself after {@code
   * locking_mode=NORMAL} until the connection has read or written once more.
   */
  static void readNothing(Object nativeDb, String schema) {
    String timeout = readText(nativeDb, BUSY_TIMEOUT, 0);
    boolean isWaiting = timeout != null && !"0".equals(timeout);
    if (isWaiting) {
      exec(nativeDb, BUSY_TIMEOUT + "=0");
    }
    try {
      readText(nativeDb, "SELECT 1 FROM " + quoted(schema) + ".sqlite_master LIMIT 0", 0);
    } finally {
      if (isWaiting) {
        exec(nativeDb, BUSY_TIMEOUT + "=" + timeout);
      }
    }
  }

  /**
   * Copies what the WAL of one of a connection's databases holds into the file.
   *
   * @return how many frames SQLite counts in it; negative if it could not do it
   */
  static long checkpoint(Object nativeDb, String schema) {
    String pragma = "PRAGMA " + quoted(schema) + ".wal_checkpoint(PASSIVE)";
    String frameCount = readText(nativeDb, pragma, 1);
    return frameCount == null ? -1 : Long.parseLong(frameCount);
  }

  private static String quoted(String schema) {
    return '"' + schema.replace("\"", "\"\"") + '"';
  }

  /**
   * The databases of a connection: {@code PRAGMA database_list}, which touches no file.
   *
   * @return the real path of each by its schema name, empty for those of no file; no entry at all
   *     if somebody interrupted the question; null if the driver cannot be asked
   */
  static @Nullable Map<String, String> databaseFiles(Object nativeDb) {
    try {
      NativeDbCalls calls = NativeDbCalls.of(nativeDb);
      long statement = calls.prepare(nativeDb, "PRAGMA database_list");
      try {
        return rows(calls, nativeDb, statement);
      } finally {
        calls.finish(nativeDb, statement);
      }
    } catch (SQLException | RuntimeException cannotBeAsked) {
      return null;
    }
  }

  private static Map<String, String> rows(NativeDbCalls calls, Object nativeDb, long statement)
      throws SQLException {
    Map<String, String> files = new LinkedHashMap<>();
    int result = calls.step(nativeDb, statement);
    while (files.size() < MAX_DATABASES && result == ResultCode.ROW) {
      String file = calls.columnText(nativeDb, statement, FILE_COLUMN);
      files.put(calls.columnText(nativeDb, statement, NAME_COLUMN), file == null ? "" : file);
      result = calls.step(nativeDb, statement);
    }
    return result == ResultCode.DONE ? files : Collections.<String, String>emptyMap();
  }
}

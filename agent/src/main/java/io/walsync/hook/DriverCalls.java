package io.walsync.hook;

import io.walsync.io.Privileged;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedAction;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls into the host's {@code NativeDB} with the connection's monitor held, as the driver itself
 * makes them. A driver that cannot be called this way keeps its setting, which costs speed and
 * never data.
 */
final class DriverCalls {

  private static final String HOOK_FIELD = "walsync$hook";
  private static final int SQLITE_ROW = 100;
  private static final int SQLITE_DONE = 101;
  private static final int NAME_COLUMN = 1;
  private static final int FILE_COLUMN = 2;

  /** More than SQLite allows to be attached. */
  private static final int MAX_DATABASES = 200;

  private DriverCalls() {}

  /** Whether the natives of this NativeDB were woven as it was loaded. */
  static boolean isWovenNative(Object nativeDb) {
    try {
      nativeDb.getClass().getDeclaredField(HOOK_FIELD);
      return true;
    } catch (NoSuchFieldException loadedBeforeTheAgent) {
      return false;
    }
  }

  /** Where the natives were woven as they were loaded, the NativeDB itself holds its hook. */
  static void setHook(Object nativeDb, ConnectionHook hook) {
    try {
      Field field = nativeDb.getClass().getDeclaredField(HOOK_FIELD);
      field.setAccessible(true);
      field.set(nativeDb, hook);
    } catch (ReflectiveOperationException | RuntimeException foundByTheTable) {
      return;
    }
  }

  /** Runs a PRAGMA that touches no file. */
  static void exec(Object nativeDb, String pragma) {
    try {
      method(nativeDb, "_exec", String.class).invoke(nativeDb, pragma);
    } catch (ReflectiveOperationException | RuntimeException keepsItsSetting) {
      return;
    }
  }

  /**
   * Runs a PRAGMA that touches no file.
   *
   * @param column of the first row, from 0
   * @return null if there is no row or the driver cannot be called
   */
  static String readText(Object nativeDb, String pragma, int column) {
    try {
      long statement = prepare(nativeDb, pragma);
      if (statement == 0) {
        return null;
      }
      try {
        return step(nativeDb, statement) == SQLITE_ROW
            ? (String)
                method(nativeDb, "column_text", long.class, int.class)
                    .invoke(nativeDb, statement, column)
            : null;
      } finally {
        method(nativeDb, "finalize", long.class).invoke(nativeDb, statement);
      }
    } catch (ReflectiveOperationException | RuntimeException notThisWay) {
      return null;
    }
  }

  /** Whether a connection keeps one of its databases to itself. */
  static boolean isExclusive(Object nativeDb, String schema) {
    String mode = readText(nativeDb, "PRAGMA " + quoted(schema) + ".locking_mode", 0);
    return "exclusive".equals(mode);
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
  static Map<String, String> databaseFiles(Object nativeDb) {
    try {
      long statement = prepare(nativeDb, "PRAGMA database_list");
      try {
        return rows(nativeDb, statement);
      } finally {
        method(nativeDb, "finalize", long.class).invoke(nativeDb, statement);
      }
    } catch (ReflectiveOperationException | RuntimeException cannotBeAsked) {
      return null;
    }
  }

  private static int step(Object nativeDb, long statement) throws ReflectiveOperationException {
    return (Integer) method(nativeDb, "step", long.class).invoke(nativeDb, statement);
  }

  private static long prepare(Object nativeDb, String sql) throws ReflectiveOperationException {
    try {
      byte[] utf8 = sql.getBytes(StandardCharsets.UTF_8);
      return (Long) method(nativeDb, "prepare_utf8", byte[].class).invoke(nativeDb, (Object) utf8);
    } catch (NoSuchMethodException before3Point15) {
      return (Long) method(nativeDb, "prepare", String.class).invoke(nativeDb, sql);
    }
  }

  private static Map<String, String> rows(Object nativeDb, long statement)
      throws ReflectiveOperationException {
    Method step = method(nativeDb, "step", long.class);
    Method text = method(nativeDb, "column_text", long.class, int.class);
    Map<String, String> files = new LinkedHashMap<>();
    Object result = step.invoke(nativeDb, statement);
    while (files.size() < MAX_DATABASES && result.equals(SQLITE_ROW)) {
      String name = (String) text.invoke(nativeDb, statement, NAME_COLUMN);
      String file = (String) text.invoke(nativeDb, statement, FILE_COLUMN);
      files.put(name, file == null ? "" : file);
      result = step.invoke(nativeDb, statement);
    }
    return result.equals(SQLITE_DONE) ? files : Collections.<String, String>emptyMap();
  }

  private static Method method(Object nativeDb, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method =
        Privileged.call(
            new PrivilegedAction<Method>() {
              @Override
              public Method run() {
                return accessible(nativeDb.getClass(), name, parameters);
              }
            });
    if (method == null) {
      throw new NoSuchMethodException(name);
    }
    return method;
  }

  private static Method accessible(Class<?> type, String name, Class<?>... parameters) {
    try {
      Method method = type.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException inAnotherVersion) {
      return null;
    }
  }
}

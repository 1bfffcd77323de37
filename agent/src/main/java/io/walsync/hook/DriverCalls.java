package io.walsync.hook;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls into the host's {@code NativeDB} on the connection's own thread. */
final class DriverCalls {

  private static final int SQLITE_ROW = 100;
  private static final int NAME_COLUMN = 1;
  private static final int FILE_COLUMN = 2;

  /** More than SQLite allows to be attached. */
  private static final int MAX_DATABASES = 200;

  private DriverCalls() {}

  /**
   * Runs a PRAGMA that touches no file. A driver that cannot be called this way keeps its setting,
   * which costs speed and never data.
   */
  static void exec(Object nativeDb, String pragma) {
    try {
      Method exec = nativeDb.getClass().getDeclaredMethod("_exec", String.class);
      exec.setAccessible(true);
      exec.invoke(nativeDb, pragma);
    } catch (ReflectiveOperationException | RuntimeException keepsItsSetting) {
      return;
    }
  }

  /**
   * The databases of a connection: {@code PRAGMA database_list}, which touches no file.
   *
   * @return the real path of each by its schema name, empty for those of no file; null if the
   *     driver cannot be asked
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

  private static Map<String, String> rows(Object nativeDb, long statement)
      throws ReflectiveOperationException {
    Method step = method(nativeDb, "step", long.class);
    Method text = method(nativeDb, "column_text", long.class, int.class);
    Map<String, String> files = new LinkedHashMap<>();
    while (files.size() < MAX_DATABASES && step.invoke(nativeDb, statement).equals(SQLITE_ROW)) {
      String name = (String) text.invoke(nativeDb, statement, NAME_COLUMN);
      String file = (String) text.invoke(nativeDb, statement, FILE_COLUMN);
      files.put(name, file == null ? "" : file);
    }
    return files;
  }

  private static long prepare(Object nativeDb, String sql) throws ReflectiveOperationException {
    Method prepare;
    Object argument;
    try {
      prepare = method(nativeDb, "prepare_utf8", byte[].class);
      argument = sql.getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchMethodException before315) {
      prepare = method(nativeDb, "prepare", String.class);
      argument = sql;
    }
    return (Long) prepare.invoke(nativeDb, argument);
  }

  private static Method method(Object nativeDb, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = nativeDb.getClass().getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }
}

package io.walsync.sqlite;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * The methods of the host's {@code NativeDB} that the agent calls, by reflection: the driver is the
 * application's, and no version is compiled against.
 *
 * <p>Below java.sql on purpose. Tracing agents instrument whatever implements a java.sql interface;
 * through a {@code Statement} our PRAGMAs would be spans in the application's traces. Also, {@code
 * DB.open} and the {@code Connection} of some versions change settings of the whole SQLite library.
 *
 * <p>Threading: immutable; a NativeDB synchronises its natives itself.
 */
final class NativeCalls {

  /** The second name is that of drivers before 3.8. */
  private static final String[] NAMES = {"org.sqlite.core.NativeDB", "org.sqlite.NativeDB"};

  private static final String CONFIG = "org.sqlite.SQLiteConfig";

  private final Constructor<?> create;
  private final Constructor<?> createConfig;
  private final Method open;
  private final Method close;
  private final Method busyTimeout;
  private final Method prepare;
  private final boolean isPrepareUtf8;
  private final Method step;
  private final Method finish;
  private final Method columnLong;
  private final Method columnText;
  private final Method errorMessage;

  /**
   * @param loader of the application's driver
   * @throws ReflectiveOperationException if it has no NativeDB, or one of a shape we do not know
   * @throws RuntimeException if the driver is a module that is not open to the agent
   */
  NativeCalls(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> type = nativeDb(loader);
    Class<?> config = Class.forName(CONFIG, true, loader);
    Constructor<?> plain = find(type);
    create = plain != null ? plain : find(type, String.class, String.class, config);
    createConfig = plain != null ? null : config.getConstructor();
    if (create == null) {
      throw new NoSuchMethodException(type.getName() + " has no constructor that we know");
    }
    open = method(type, "_open", String.class, int.class);
    close = method(type, "_close");
    busyTimeout = method(type, "busy_timeout", int.class);
    Method utf8 = find(type, "prepare_utf8", byte[].class);
    isPrepareUtf8 = utf8 != null;
    prepare = isPrepareUtf8 ? utf8 : method(type, "prepare", String.class);
    step = method(type, "step", long.class);
    finish = method(type, "finalize", long.class);
    columnLong = method(type, "column_long", long.class, int.class);
    columnText = method(type, "column_text", long.class, int.class);
    errorMessage = method(type, "errmsg");
  }

  private static Class<?> nativeDb(ClassLoader loader) throws ClassNotFoundException {
    try {
      return Class.forName(NAMES[0], true, loader);
    } catch (ClassNotFoundException before38) {
      return Class.forName(NAMES[1], true, loader);
    }
  }

  private static Constructor<?> find(Class<?> type, Class<?>... parameters) {
    try {
      return accessible(type.getDeclaredConstructor(parameters));
    } catch (NoSuchMethodException absent) {
      return null;
    }
  }

  private static Method find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return method(type, name, parameters);
    } catch (NoSuchMethodException absent) {
      return null;
    }
  }

  private static Method method(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    return accessible(type.getDeclaredMethod(name, parameters));
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  /**
   * Opens a database.
   *
   * @param flags of {@code sqlite3_open_v2}
   * @return the NativeDB
   */
  Object open(String path, int flags) throws SQLException {
    Object db = instance(path);
    call(open, db, path, flags);
    return db;
  }

  private Object instance(String path) throws SQLException {
    try {
      return createConfig == null
          ? create.newInstance()
          : create.newInstance("jdbc:sqlite:" + path, path, createConfig.newInstance());
    } catch (InvocationTargetException e) {
      throw failure(create, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw failure(create, e);
    }
  }

  void close(Object db) throws SQLException {
    call(close, db);
  }

  void busyTimeout(Object db, int millis) throws SQLException {
    call(busyTimeout, db, millis);
  }

  long prepare(Object db, String sql) throws SQLException {
    return (Long)
        call(prepare, db, isPrepareUtf8 ? sql.getBytes(StandardCharsets.UTF_8) : (Object) sql);
  }

  /** Returns SQLite's result code; throws for none of them. */
  int step(Object db, long statement) throws SQLException {
    return (Integer) call(step, db, statement);
  }

  void finish(Object db, long statement) throws SQLException {
    call(finish, db, statement);
  }

  long columnLong(Object db, long statement, int column) throws SQLException {
    return (Long) call(columnLong, db, statement, column);
  }

  String columnText(Object db, long statement, int column) throws SQLException {
    return (String) call(columnText, db, statement, column);
  }

  String errorMessage(Object db) throws SQLException {
    return (String) call(errorMessage, db);
  }

  private static Object call(Method method, Object db, Object... arguments) throws SQLException {
    try {
      return method.invoke(db, arguments);
    } catch (InvocationTargetException e) {
      throw failure(method, e.getCause());
    } catch (IllegalAccessException e) {
      throw failure(method, e);
    }
  }

  private static SQLException failure(java.lang.reflect.Member called, Throwable cause) {
    return cause instanceof SQLException
        ? (SQLException) cause
        : new SQLException("the host's sqlite-jdbc failed in " + called.getName(), cause);
  }
}

package io.walsync.sqlite;

import io.walsync.io.Privileged;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedAction;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a {@code NativeDB} that the agent calls, by reflection: the driver is the
 * application's, and no version is compiled against. They are looked up once for each copy of the
 * driver, on the agent's own connections and on the application's alike; what a version lacks fails
 * when it is called.
 *
 * <p>Below java.sql on purpose. Tracing agents instrument whatever implements a java.sql interface;
 * through a {@code Statement} our PRAGMAs would be spans in the application's traces. Also, {@code
 * DB.open} and the {@code Connection} of some versions change settings of the whole SQLite library.
 *
 * <p>Threading: immutable; a NativeDB synchronises its natives itself.
 */
public final class NativeDbCalls {

  /** The field of a woven NativeDB that holds its hook. */
  public static final String HOOK_FIELD = "walsync$hook";

  /** The second name is that of drivers before 3.8. */
  private static final String[] NAMES = {"org.sqlite.core.NativeDB", "org.sqlite.NativeDB"};

  private static final String CONFIG = "org.sqlite.SQLiteConfig";

  /**
   * Collected together with its class, so that a driver that the application has dropped is not
   * kept.
   */
  private static final ClassValue<NativeDbCalls> TABLES =
      new ClassValue<NativeDbCalls>() {
        @Override
        protected NativeDbCalls computeValue(Class<?> type) {
          return Privileged.call(
              new PrivilegedAction<NativeDbCalls>() {
                @Override
                public NativeDbCalls run() {
                  return new NativeDbCalls(type);
                }
              });
        }
      };

  private final @Nullable Constructor<?> create;
  private final @Nullable Constructor<?> createConfig;
  private final @Nullable Method open;
  private final @Nullable Method close;
  private final @Nullable Method busyTimeout;
  private final @Nullable Method exec;
  private final @Nullable Method prepare;
  private final boolean isPrepareUtf8;
  private final @Nullable Method step;
  private final @Nullable Method finish;
  private final @Nullable Method columnLong;
  private final @Nullable Method columnText;
  private final @Nullable Method errorMessage;

  /** Why the agent cannot open connections with this driver; null if it can. */
  private @Nullable Exception obstacle;

  private NativeDbCalls(Class<?> type) {
    Class<?> config = config(type);
    Constructor<?> plain = find(type);
    create =
        plain != null
            ? plain
            : config == null ? null : find(type, String.class, String.class, config);
    createConfig = plain != null || config == null ? null : find(config);
    if (create == null || plain == null && createConfig == null) {
      isMissing(new NoSuchMethodException(type.getName() + " has no constructor that we know"));
    }
    open = needed(type, "_open", String.class, int.class);
    close = needed(type, "_close");
    busyTimeout = needed(type, "busy_timeout", int.class);
    exec = find(type, "_exec", String.class);
    Method utf8 = find(type, "prepare_utf8", byte[].class);
    isPrepareUtf8 = utf8 != null;
    prepare = isPrepareUtf8 ? utf8 : needed(type, "prepare", String.class);
    step = needed(type, "step", long.class);
    finish = needed(type, "finalize", long.class);
    columnLong = needed(type, "column_long", long.class, int.class);
    columnText = needed(type, "column_text", long.class, int.class);
    errorMessage = needed(type, "errmsg");
  }

  // ---- looking up

  /**
   * The methods of the copy of the driver that a loader has.
   *
   * @throws ReflectiveOperationException if it has no NativeDB, or an unknown version of one
   * @throws RuntimeException if the driver is a module that is not open to the agent
   */
  static NativeDbCalls of(@Nullable ClassLoader loader) throws ReflectiveOperationException {
    Class<?> type = nativeDb(loader);
    NativeDbCalls calls = TABLES.get(type);
    if (calls.obstacle != null) {
      // Not remembered: a module may be opened to the agent later.
      TABLES.remove(type);
    }
    if (calls.obstacle instanceof ReflectiveOperationException) {
      throw (ReflectiveOperationException) calls.obstacle;
    } else if (calls.obstacle != null) {
      throw (RuntimeException) calls.obstacle;
    }
    return calls;
  }

  /** The methods of an open NativeDB. */
  public static NativeDbCalls of(Object nativeDb) {
    return TABLES.get(nativeDb.getClass());
  }

  private static Class<?> nativeDb(@Nullable ClassLoader loader) throws ClassNotFoundException {
    try {
      return Class.forName(NAMES[0], true, loader);
    } catch (ClassNotFoundException before38) {
      return Class.forName(NAMES[1], true, loader);
    }
  }

  private @Nullable Class<?> config(Class<?> type) {
    try {
      return Class.forName(CONFIG, true, type.getClassLoader());
    } catch (ClassNotFoundException e) {
      isMissing(e);
      return null;
    }
  }

  private @Nullable Constructor<?> find(Class<?> type, Class<?>... parameters) {
    try {
      return accessible(type.getDeclaredConstructor(parameters));
    } catch (NoSuchMethodException absent) {
      return null;
    } catch (RuntimeException closedToUs) {
      isMissing(closedToUs);
      return null;
    }
  }

  private @Nullable Method find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return accessible(type.getDeclaredMethod(name, parameters));
    } catch (NoSuchMethodException absent) {
      return null;
    } catch (RuntimeException closedToUs) {
      isMissing(closedToUs);
      return null;
    }
  }

  private @Nullable Method needed(Class<?> type, String name, Class<?>... parameters) {
    try {
      return accessible(type.getDeclaredMethod(name, parameters));
    } catch (NoSuchMethodException | RuntimeException e) {
      isMissing(e);
      return null;
    }
  }

  /** Notes a method that is missing; only the first is reported. */
  private void isMissing(Exception what) {
    obstacle = obstacle == null ? what : obstacle;
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  // ---- calls

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

  /** A new NativeDB that is not opened. */
  Object instance(String path) throws SQLException {
    assert create != null : "the obstacle was told before";
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

  /** Runs SQL that has no result. */
  public void exec(Object db, String sql) throws SQLException {
    call(exec, db, sql);
  }

  /** Returns the statement, 0 for none. */
  public long prepare(Object db, String sql) throws SQLException {
    Object text = isPrepareUtf8 ? sql.getBytes(StandardCharsets.UTF_8) : sql;
    return (Long) call(prepare, db, text);
  }

  /** Returns SQLite's result code; throws for none of them. */
  public int step(Object db, long statement) throws SQLException {
    return (Integer) call(step, db, statement);
  }

  public void finish(Object db, long statement) throws SQLException {
    call(finish, db, statement);
  }

  long columnLong(Object db, long statement, int column) throws SQLException {
    return (Long) call(columnLong, db, statement, column);
  }

  /** Text of a column of the row that was stepped to, from 0; null for NULL. */
  public @Nullable String columnText(Object db, long statement, int column) throws SQLException {
    return (String) call(columnText, db, statement, column);
  }

  String errorMessage(Object db) throws SQLException {
    return (String) call(errorMessage, db);
  }

  private static Object call(@Nullable Method method, Object db, Object... arguments)
      throws SQLException {
    if (method == null) {
      throw new SQLException("the host's sqlite-jdbc lacks a native that we know");
    }
    try {
      return method.invoke(db, arguments);
    } catch (InvocationTargetException e) {
      throw failure(method, e.getCause());
    } catch (IllegalAccessException e) {
      throw failure(method, e);
    }
  }

  private static SQLException failure(Member called, @Nullable Throwable cause) {
    return cause instanceof SQLException
        ? (SQLException) cause
        : new SQLException("the host's sqlite-jdbc failed in " + called.getName(), cause);
  }
}

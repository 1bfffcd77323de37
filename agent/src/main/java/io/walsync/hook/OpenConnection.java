package io.walsync.hook;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what can be learnt about a connection that was open before the agent came, from fields of
 * the driver's objects. These differ between versions.
 *
 * <p>Threading: under the connection's monitor.
 */
final class OpenConnection {

  private static final String DATABASE_LIST = "PRAGMA database_list";
  private static final int FILE_COLUMN = 2;

  private final Object nativeDb;

  OpenConnection(Object nativeDb) {
    this.nativeDb = nativeDb;
  }

  /** The name that SQLite was given to open; null if it cannot be found out. */
  @Nullable String fileName() {
    // From 3.25 on the DB has the name, before that its connection.
    Object name = value(nativeDb, "fileName");
    if (!(name instanceof String)) {
      name = value(value(nativeDb, "conn"), "fileName");
    }
    return name instanceof String
        ? (String) name
        : DriverCalls.readText(nativeDb, DATABASE_LIST, FILE_COLUMN);
  }

  /** The statement by which the driver opens transactions of its own; 0 if there is none yet. */
  long begin() {
    return pointer(value(nativeDb, "begin"));
  }

  /** The statement by which the driver commits transactions of its own; 0 if there is none yet. */
  long commit() {
    return pointer(value(nativeDb, "commit"));
  }

  /** All statements that are prepared now. */
  List<Long> statements() {
    Object all = value(nativeDb, "stmts");
    Collection<?> elements = Collections.emptyList();
    if (all instanceof Map) {
      elements = ((Map<?, ?>) all).keySet();
    } else if (all instanceof Collection) {
      elements = (Collection<?>) all;
    }
    List<Long> pointers = new ArrayList<>();
    for (Object element : elements.toArray()) {
      pointers.add(pointer(element));
    }
    return pointers;
  }

  /** The pointer of one of the driver's statement objects; 0 if it has none. */
  static long pointerOf(Object statement) {
    return pointer(value(statement, "pointer"));
  }

  /** The SQL of one of the driver's statement objects; null if it has none. */
  static @Nullable String sqlOf(Object statement) {
    Object sql = value(statement, "sql");
    return sql instanceof String ? (String) sql : null;
  }

  /** A pointer is a number, and from 3.39.2 on a number in an object. */
  private static long pointer(@Nullable Object holder) {
    Object number = holder == null || holder instanceof Long ? holder : value(holder, "ptr");
    return number instanceof Long ? (Long) number : 0;
  }

  /** Null if there is no such field, or it cannot be read, or is null. */
  private static @Nullable Object value(@Nullable Object holder, String field) {
    for (Class<?> type = holder == null ? null : holder.getClass();
        type != null;
        type = type.getSuperclass()) {
      try {
        Field found = type.getDeclaredField(field);
        found.setAccessible(true);
        return found.get(holder);
      } catch (NoSuchFieldException further) {
        continue;
      } catch (IllegalAccessException | RuntimeException closedToUs) {
        return null;
      }
    }
    return null;
  }
}

package io.walsync.hook;

import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked before the application opens a database, by a connection or by ATTACH: takes the
 * name and SQLite's flags, and throws what the application is to see in place of the database.
 *
 * <p>Threading: safe.
 */
final class OpenGuards {

  /** Stands for the flags of an ATTACH. */
  private static final int NO_FLAGS = 0;

  /** Null while no database may have to be restored before it is opened. */
  private static volatile @Nullable ObjIntConsumer<@Nullable Object> guard;

  private OpenGuards() {}

  /**
   * @param newGuard takes null for a name that cannot be told; null for nobody
   */
  static void set(@Nullable ObjIntConsumer<@Nullable Object> newGuard) {
    guard = newGuard;
  }

  static boolean isAny() {
    return guard != null;
  }

  /** A connection is about to be opened. */
  static void open(Object name, int flags) {
    ObjIntConsumer<@Nullable Object> current = guard;
    if (current != null) {
      current.accept(name, flags);
    }
  }

  /** Statements are about to run that may attach databases. */
  static void attach(Object sql) {
    ObjIntConsumer<@Nullable Object> current = guard;
    if (current != null) {
      for (@Nullable String name : AttachedNames.of(sql)) {
        current.accept(name, NO_FLAGS);
      }
    }
  }
}

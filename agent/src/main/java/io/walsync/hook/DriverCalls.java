package io.walsync.hook;

import java.lang.reflect.Method;

/** Calls into the host's {@code NativeDB} on the connection's own thread. */
final class DriverCalls {

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
}

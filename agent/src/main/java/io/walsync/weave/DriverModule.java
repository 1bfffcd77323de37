package io.walsync.weave;

import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Opens the packages of a driver that is a named module to the agent, which calls methods of its
 * NativeDB that are not public. On a class path, and before Java 9, there is nothing to do.
 *
 * <p>Threading: any thread.
 */
final class DriverModule {

  private final Instrumentation instrumentation;

  /** A weak reference: the driver belongs to the application, and must stay collectable. */
  private volatile WeakReference<Class<?>> opened = new WeakReference<>(null);

  DriverModule(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /**
   * @param nativeDb a NativeDB. After a failure its package stays closed; the agent reports that
   *     when it cannot call the driver.
   */
  void openOf(Object nativeDb) {
    Class<?> type = nativeDb.getClass();
    if (opened.get() == type) {
      return;
    }
    try {
      open(type);
    } catch (ReflectiveOperationException | RuntimeException notPermitted) {
      // The package stays closed, and the agent reports a driver that it cannot call.
    }
    opened = new WeakReference<>(type);
  }

  void open(Class<?> type) throws ReflectiveOperationException {
    Method getModule;
    try {
      getModule = Class.class.getMethod("getModule");
    } catch (NoSuchMethodException java8) {
      return;
    }
    Object theirs = getModule.invoke(type);
    Class<?> module = getModule.getReturnType();
    if (!(Boolean) module.getMethod("isNamed").invoke(theirs)) {
      return;
    }
    String name = type.getName();
    String packageName = name.substring(0, name.lastIndexOf('.'));
    Instrumentation.class
        .getMethod("redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            theirs,
            Collections.emptySet(),
            Collections.emptyMap(),
            Collections.singletonMap(
                packageName, Collections.singleton(getModule.invoke(DriverModule.class))),
            Collections.emptySet(),
            Collections.emptyMap());
  }
}

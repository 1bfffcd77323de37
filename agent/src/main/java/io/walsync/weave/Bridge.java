package io.walsync.weave;

import java.lang.reflect.InvocationTargetException;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bridge class as this loader sees it: by reflection, because it belongs to the bootstrap
 * loader and is defined at run time.
 *
 * <p>Threading: any thread.
 */
public final class Bridge {

  private static volatile @Nullable Bridge installed;

  private final Class<?> type;

  Bridge(Class<?> type) {
    this.type = type;
  }

  /** The bridge of this agent; null before the first NativeDB was woven, as in a unit test. */
  public static @Nullable Bridge installed() {
    return installed;
  }

  static void installed(Bridge bridge) {
    installed = bridge;
  }

  String internalName() {
    return type.getName().replace('.', '/');
  }

  /**
   * @param sink takes the NativeDB and the file name (a String) of each connection after its open,
   *     and returns its hook or null
   */
  public void setSink(BiFunction<Object, Object, Object> sink) {
    try {
      type.getMethod("setSink", BiFunction.class).invoke(null, sink);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /**
   * @param finder takes a NativeDB that was loaded before the agent and, or null, a statement of
   *     the driver's that it is about to run; returns the connection's hook or null
   */
  void setFinder(@Nullable BiFunction<Object, Object, Object> finder) {
    try {
      type.getMethod("setFinder", BiFunction.class).invoke(null, finder);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /**
   * @param openings called with 1 before and -1 after each open of a connection, the agent's
   *     included
   */
  void setOpenings(LongConsumer openings) {
    try {
      type.getMethod("setOpenings", LongConsumer.class).invoke(null, openings);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /**
   * @param guard takes the file name (a String) and SQLite's flags of each open before it; what it
   *     throws is thrown at the application
   */
  void setGuard(ObjIntConsumer<Object> guard) {
    try {
      type.getMethod("setGuard", ObjIntConsumer.class).invoke(null, guard);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /**
   * Whether {@link #setOpenings} has been told of every open. It misses one for want of stack or
   * memory.
   */
  public boolean areOpeningsTold() {
    return !(Boolean) get("isOpeningMissed");
  }

  /** Switches all hooks off, for the rest of the JVM's life. */
  public void disarm() {
    get("disarm");
  }

  /** True once {@link #disarm} was called or hooks threw too often: events are being lost. */
  public boolean isDisarmed() {
    return (Boolean) get("isDisarmed");
  }

  /**
   * Connections that got no hook because the sink threw; each is returned once. A null among them
   * stands for connections that could not be noted, for want of memory.
   */
  Object[] takeMissed() {
    return (Object[]) get("takeMissed");
  }

  /** How many times a hook threw; each may have cost one event. */
  public int faultCount() {
    return (Integer) get("faultCount");
  }

  private Object get(String method) {
    try {
      return type.getMethod(method).invoke(null);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  private static IllegalStateException unreachable(ReflectiveOperationException e) {
    Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
    return new IllegalStateException("the bridge is out of reach", cause);
  }
}

package io.walsync.weave;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** The natives of an already loaded driver that are woven, and the classes they are called on. */
final class DriverShape {

  private static final String REDIRECTS = "WalsyncRedirects";

  /** One native, as declared by the class it is called on. */
  static final class Callee {
    final WovenNative woven;
    final String owner;
    final String descriptor;

    Callee(WovenNative woven, String owner, String descriptor) {
      this.woven = woven;
      this.owner = owner;
      this.descriptor = descriptor;
    }
  }

  private final String nativeDb;
  private final String db;
  private final List<Callee> callees = new ArrayList<>();
  private final Set<String> signatures = new HashSet<>();

  private DriverShape(String nativeDb, String db) {
    this.nativeDb = nativeDb;
    this.db = db;
  }

  /**
   * @param nativeDb the loaded class; its superclass declares what most of the driver calls
   */
  static DriverShape of(Class<?> nativeDb) {
    Class<?> db = nativeDb.getSuperclass();
    DriverShape shape = new DriverShape(Type.getInternalName(nativeDb), Type.getInternalName(db));
    for (Method method : nativeDb.getDeclaredMethods()) {
      String descriptor = Type.getMethodDescriptor(method);
      WovenNative woven = WovenNative.of(method.getName(), descriptor);
      boolean isInstanceNative =
          Modifier.isNative(method.getModifiers()) && !Modifier.isStatic(method.getModifiers());
      if (woven != null && isInstanceNative) {
        shape.add(new Callee(woven, shape.nativeDb, descriptor));
        if (declares(db, method)) {
          shape.add(new Callee(woven, shape.db, descriptor));
        }
      }
    }
    return shape;
  }

  private static boolean declares(Class<?> db, Method method) {
    try {
      return db.getDeclaredMethod(method.getName(), method.getParameterTypes()) != null;
    } catch (NoSuchMethodException onlyInNativeDb) {
      return false;
    }
  }

  private void add(Callee callee) {
    callees.add(callee);
    signatures.add(key(callee.owner, callee.woven.methodName(), callee.descriptor));
  }

  private static String key(String owner, String name, String descriptor) {
    return owner + "." + name + descriptor;
  }

  /** Internal name of the class that the calls are redirected to, in the package of the driver. */
  String redirects() {
    return nativeDb.substring(0, nativeDb.lastIndexOf('/') + 1) + REDIRECTS;
  }

  String db() {
    return db;
  }

  List<Callee> callees() {
    return Collections.unmodifiableList(callees);
  }

  /** The native that a call leads to; null if it is none of ours. */
  @Nullable WovenNative callee(String owner, String name, String descriptor) {
    return signatures.contains(key(owner, name, descriptor))
        ? WovenNative.of(name, descriptor)
        : null;
  }
}

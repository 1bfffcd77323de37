package io.walsync.weave;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.security.ProtectionDomain;

/**
 * Defines a class in the package and class loader of one that is loaded: through a lookup from Java
 * 9 on, through Unsafe before. The package must be open to this class's module.
 */
final class ClassDefiner {

  private ClassDefiner() {}

  /**
   * @param neighbour a class of the same package
   * @param name binary name of the new class
   */
  static Class<?> define(Class<?> neighbour, String name, byte[] classFile)
      throws ReflectiveOperationException {
    return hasModules()
        ? defineThroughLookup(neighbour, classFile)
        : defineThroughUnsafe(neighbour, name, classFile);
  }

  static boolean hasModules() {
    try {
      Class.class.getMethod("getModule");
      return true;
    } catch (NoSuchMethodException java8) {
      return false;
    }
  }

  private static Class<?> defineThroughLookup(Class<?> neighbour, byte[] classFile)
      throws ReflectiveOperationException {
    Object lookup =
        MethodHandles.class
            .getMethod("privateLookupIn", Class.class, MethodHandles.Lookup.class)
            .invoke(null, neighbour, MethodHandles.lookup());
    return (Class<?>)
        MethodHandles.Lookup.class
            .getMethod("defineClass", byte[].class)
            .invoke(lookup, (Object) classFile);
  }

  private static Class<?> defineThroughUnsafe(Class<?> neighbour, String name, byte[] classFile)
      throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    ClassLoader loader = neighbour.getClassLoader();
    return (Class<?>)
        unsafe
            .getMethod(
                "defineClass",
                String.class,
                byte[].class,
                int.class,
                int.class,
                ClassLoader.class,
                ProtectionDomain.class)
            .invoke(
                instance.get(null),
                name,
                classFile,
                0,
                classFile.length,
                loader,
                loader == null ? null : neighbour.getProtectionDomain());
  }
}

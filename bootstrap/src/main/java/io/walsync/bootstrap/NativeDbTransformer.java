package io.walsync.bootstrap;

import java.lang.instrument.ClassFileTransformer;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Is called for every class that the host loads, and changes only a NativeDB.
 *
 * <p>Threading: any thread that loads a class, with that class's loading lock held.
 */
final class NativeDbTransformer implements ClassFileTransformer {

  private static final String NATIVE_DB = "org/sqlite/core/NativeDB";
  private static final String NATIVE_DB_BEFORE_3_8 = "org/sqlite/NativeDB";

  private static final String SQLITE4J_DB = "io/roastedroot/sqlite4j/core/WasmDB";

  private static final String DRIVERS = "org/sqlite/";

  private final IsolatedAgent agent;

  /**
   * Made when the first class of a driver is loaded, so that a JVM without a driver has no such
   * thread.
   */
  private @Nullable WeavingThread weaving;

  NativeDbTransformer(IsolatedAgent agent) {
    this.agent = agent;
  }

  private static boolean isNativeDb(String className) {
    return NATIVE_DB.equals(className) || NATIVE_DB_BEFORE_3_8.equals(className);
  }

  static boolean isNativeDb(Class<?> type) {
    String name = type.getName();
    return name.endsWith(".NativeDB") && isNativeDb(name.replace('.', '/'));
  }

  /**
   * Leaves the drivers among these classes alone: they are not to be woven, or are woven elsewhere.
   */
  void leave(Class<?>[] loaded) {
    for (Class<?> type : loaded) {
      if (isNativeDb(type)) {
        weaving().decided(type.getClassLoader());
      }
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      ProtectionDomain domain,
      byte[] classFile) {
    if (className == null || !className.startsWith(DRIVERS)) {
      if (SQLITE4J_DB.equals(className)) {
        OtherDrivers.sqlite4j();
      }
      return null;
    }
    return redefined == null
        ? new Weave(loader, isNativeDb(className) ? classFile : null).privileged()
        : null;
  }

  private synchronized WeavingThread weaving() {
    WeavingThread made = weaving;
    if (made == null) {
      made = new WeavingThread(agent);
      weaving = made;
    }
    return made;
  }

  /**
   * Weaves with the agent's own permissions. Otherwise a security manager would ask for those of
   * the application, which loads the class.
   */
  private final class Weave implements PrivilegedAction<byte[]> {

    private final @Nullable ClassLoader loader;

    /** The class file of a NativeDB; null for any other class of a driver. */
    private final byte @Nullable [] classFile;

    Weave(@Nullable ClassLoader loader, byte @Nullable [] classFile) {
      this.loader = loader;
      this.classFile = classFile;
    }

    byte @Nullable [] privileged() {
      try {
        return AccessController.doPrivileged(this);
      } catch (NoClassDefFoundError aJavaWithoutAccessControl) {
        return run();
      }
    }

    /**
     * If this fails because the stack or the memory is full, {@link WeavingThread} weaves the class
     * later.
     */
    @Override
    public byte @Nullable [] run() {
      try {
        if (classFile == null) {
          weaving().look(loader);
          return null;
        }
        if (OtherDrivers.isCipherFork(loader)) {
          weaving().decided(loader);
          return null;
        }
        return weaving().weave(loader, classFile);
      } catch (VirtualMachineError madeUpForLater) {
        return null;
      } catch (Throwable t) {
        Stderr.replicationIsOff(t);
        return null;
      }
    }
  }
}

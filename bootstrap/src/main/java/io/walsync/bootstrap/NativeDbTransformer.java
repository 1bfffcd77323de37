package io.walsync.bootstrap;

import java.lang.instrument.ClassFileTransformer;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * Sees every class the host loads and lets all but one pass.
 *
 * <p>Threading: any thread that loads a class, with that class's loading lock held.
 */
final class NativeDbTransformer implements ClassFileTransformer {

  private static final String NATIVE_DB = "org/sqlite/core/NativeDB";
  private static final String NATIVE_DB_BEFORE_3_8 = "org/sqlite/NativeDB";

  private static final String SQLITE4J_DB = "io/roastedroot/sqlite4j/core/WasmDB";

  private final IsolatedAgent agent;

  NativeDbTransformer(IsolatedAgent agent) {
    this.agent = agent;
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] classFile) {
    if (!NATIVE_DB.equals(className) && !NATIVE_DB_BEFORE_3_8.equals(className)) {
      if (SQLITE4J_DB.equals(className)) {
        OtherDrivers.sqlite4j();
      }
      return null;
    }
    return redefined == null ? new Weave(loader, classFile).privileged() : null;
  }

  /** A security manager would otherwise ask what the application may do that loads the class. */
  private final class Weave implements PrivilegedAction<byte[]> {

    private final ClassLoader loader;
    private final byte[] classFile;

    Weave(ClassLoader loader, byte[] classFile) {
      this.loader = loader;
      this.classFile = classFile;
    }

    byte[] privileged() {
      try {
        return AccessController.doPrivileged(this);
      } catch (NoClassDefFoundError aJavaWithoutAccessControl) {
        return run();
      }
    }

    @Override
    public byte[] run() {
      try {
        return OtherDrivers.isCipherFork(loader) ? null : agent.weave(classFile);
      } catch (Throwable t) {
        Stderr.replicationIsOff(t);
        return null;
      }
    }
  }
}

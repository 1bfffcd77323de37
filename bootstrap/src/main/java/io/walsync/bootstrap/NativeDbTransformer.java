package io.walsync.bootstrap;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;

/**
 * Sees every class the host loads and lets all but one pass.
 *
 * <p>Threading: any thread that loads a class, with that class's loading lock held.
 */
final class NativeDbTransformer implements ClassFileTransformer {

  private static final String NATIVE_DB = "org/sqlite/core/NativeDB";
  private static final String NATIVE_DB_BEFORE_3_8 = "org/sqlite/NativeDB";

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
      return null;
    }
    try {
      return redefined == null ? agent.weave(classFile) : null;
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
      return null;
    }
  }
}

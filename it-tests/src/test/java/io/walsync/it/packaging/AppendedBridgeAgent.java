package io.walsync.it.packaging;

import io.walsync.weave.NativeDbWeaver;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;

/** An agent that takes the last resort at once: the bridge in a jar on the bootstrap path. */
public final class AppendedBridgeAgent {

  private AppendedBridgeAgent() {}

  public static void premain(String agentArgs, Instrumentation instrumentation) throws Exception {
    byte[] bridge;
    try (InputStream in = ClassLoader.getSystemResourceAsStream("boot/WalsyncBridge.classdata")) {
      bridge = in.readAllBytes();
    }
    Constructor<?> installer =
        Class.forName("io.walsync.weave.AppendedBridge")
            .getDeclaredConstructor(Instrumentation.class, byte[].class);
    installer.setAccessible(true);
    Object target = installer.newInstance(instrumentation, bridge);
    Method append = target.getClass().getDeclaredMethod("append");
    append.setAccessible(true);
    Class<?> appended = (Class<?>) append.invoke(target);

    NativeDbWeaver weaver = new NativeDbWeaver(appended.getName().replace('.', '/'));
    ClassFileTransformer transformer =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] classFile) {
            return "org/sqlite/core/NativeDB".equals(name) ? weaver.weave(classFile) : null;
          }
        };
    instrumentation.addTransformer(transformer);
    instrumentation.setNativeMethodPrefix(transformer, "walsync$");
  }
}

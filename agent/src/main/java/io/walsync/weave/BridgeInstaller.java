package io.walsync.weave;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Puts the bridge class where every class loader finds it. In order of preference: into {@code
 * java.lang} through a lookup (Java 9 and newer), into {@code java.lang} through Unsafe (Java 8),
 * and under another name in a jar appended to the bootstrap search path, which works nearly
 * everywhere too but costs class data sharing and makes newer JVMs print a warning.
 *
 * <p>This class must be in the agent's own loader. java.lang is opened to the unnamed module of
 * that loader and to nobody else; from the system loader it would be opened to the whole
 * application.
 */
final class BridgeInstaller {

  private static final String NAME = "java.lang.WalsyncBridge";

  private final Instrumentation instrumentation;
  private final byte[] classFile;

  BridgeInstaller(Instrumentation instrumentation, byte[] classFile) {
    this.instrumentation = instrumentation;
    this.classFile = classFile;
  }

  /**
   * @throws IllegalStateException if another copy of the agent has put its bridge there
   * @throws IOException if no way worked and the jar of the last one could not be written
   */
  Bridge install() throws IOException, ReflectiveOperationException {
    if (exists(NAME) || exists(AppendedBridge.NAME)) {
      throw new IllegalStateException("another copy of Walsync is active in this JVM");
    }
    try {
      if (ClassDefiner.hasModules()) {
        openJavaLang();
      }
      return new Bridge(ClassDefiner.define(Object.class, NAME, classFile));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError notOnThisJvm) {
      return new Bridge(new AppendedBridge(instrumentation, classFile).append());
    }
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, null);
      return true;
    } catch (ClassNotFoundException free) {
      return false;
    }
  }

  private void openJavaLang() throws ReflectiveOperationException {
    Method getModule = Class.class.getMethod("getModule");
    Object javaBase = getModule.invoke(Object.class);
    Object ours = getModule.invoke(BridgeInstaller.class);
    Instrumentation.class
        .getMethod(
            "redefineModule",
            getModule.getReturnType(),
            Set.class,
            Map.class,
            Map.class,
            Set.class,
            Map.class)
        .invoke(
            instrumentation,
            javaBase,
            Collections.emptySet(),
            Collections.emptyMap(),
            Collections.singletonMap("java.lang", Collections.singleton(ours)),
            Collections.emptySet(),
            Collections.emptyMap());
  }
}

package io.walsync.weave;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * The JVM's agent properties: a process that attaches can read them, and they are apart from the
 * system properties of the application. The class that holds them is internal to the JDK.
 */
public final class AgentProperties {

  private static final String PACKAGE = "jdk.internal.vm";
  private static final String CLASS = "jdk.internal.vm.VMSupport";
  private static final String CLASS_OF_JAVA_8 = "sun.misc.VMSupport";

  private AgentProperties() {}

  /**
   * Sets a property; null removes it. On a JVM without agent properties it becomes a system
   * property, which a process that attaches can read as well.
   */
  public static void put(Instrumentation instrumentation, String key, String value) {
    Properties properties;
    try {
      properties = all(instrumentation);
    } catch (ReflectiveOperationException | RuntimeException notOnThisJvm) {
      properties = System.getProperties();
    }
    if (value == null) {
      properties.remove(key);
    } else {
      properties.setProperty(key, value);
    }
  }

  private static Properties all(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    boolean hasModules = ClassDefiner.hasModules();
    if (hasModules) {
      exportTo(AgentProperties.class, instrumentation);
    }
    return (Properties)
        Class.forName(hasModules ? CLASS : CLASS_OF_JAVA_8, true, null)
            .getMethod("getAgentProperties")
            .invoke(null);
  }

  private static void exportTo(Class<?> user, Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Method getModule = Class.class.getMethod("getModule");
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
            getModule.invoke(Object.class),
            Collections.emptySet(),
            Collections.singletonMap(PACKAGE, Collections.singleton(getModule.invoke(user))),
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.emptyMap());
  }
}

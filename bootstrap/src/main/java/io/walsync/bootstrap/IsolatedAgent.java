package io.walsync.bootstrap;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The agent proper, behind its class loader. It comes to life when the first NativeDB is loaded: a
 * JVM that never loads SQLite has only this unopened shell.
 *
 * <p>States: not started, running, failed. Once failed it stays so, and later classes pass
 * untouched.
 *
 * <p>Threading: any thread; starting is serialised.
 */
final class IsolatedAgent {

  private static final String BRIDGE = "boot/WalsyncBridge.classdata";
  private static final String WEAVING = "io.walsync.weave.Weaving";
  private static final String AGENT_START = "io.walsync.agent.AgentStart";

  private final File jarFile;
  private final String agentArgs;
  private final Instrumentation instrumentation;

  private UnaryOperator<byte[]> weaving;
  private boolean isArmed;
  private boolean isFailed;

  IsolatedAgent(File jarFile, String agentArgs, Instrumentation instrumentation) {
    this.jarFile = jarFile;
    this.agentArgs = agentArgs;
    this.instrumentation = instrumentation;
  }

  /**
   * @param classFile of a NativeDB
   * @return the woven class file; null once the agent has failed
   * @throws Throwable why this class stays as it is
   */
  synchronized byte[] weave(byte[] classFile) throws Throwable {
    if (isFailed) {
      return null;
    }
    if (weaving == null) {
      start();
    }
    byte[] woven = weaving.apply(classFile);
    if (!isArmed) {
      arm();
    }
    return woven;
  }

  @SuppressWarnings("unchecked")
  private void start() throws Throwable {
    isFailed = true;
    AgentJar jar = AgentJar.open(jarFile);
    byte[] bridge = jar.read(BRIDGE);
    if (bridge == null) {
      throw new IOException(jarFile + " is not the Walsync agent: it has no " + BRIDGE);
    }
    ClassLoader loader = AgentClassLoader.forHost(jar);
    weaving =
        (UnaryOperator<byte[]>)
            call(
                loader,
                WEAVING,
                "start",
                new Class<?>[] {Instrumentation.class, byte[].class},
                instrumentation,
                bridge);
    isFailed = false;
  }

  /** Separate from {@link #start}: a driver that cannot be woven starts nothing. */
  @SuppressWarnings("unchecked")
  private void arm() throws Throwable {
    isFailed = true;
    ClassLoader loader = weaving.getClass().getClassLoader();
    BiFunction<Object, Object, Object> sink =
        (BiFunction<Object, Object, Object>)
            call(
                loader,
                AGENT_START,
                "arm",
                new Class<?>[] {String.class},
                agentArgs.isEmpty() ? null : agentArgs);
    ((Consumer<BiFunction<Object, Object, Object>>) weaving).accept(sink);
    isArmed = true;
    isFailed = false;
  }

  /**
   * Calls a static method of the agent, with its loader as the thread's context loader: otherwise
   * whatever looks for its configuration there would find the host's.
   */
  private static Object call(
      ClassLoader loader, String type, String method, Class<?>[] parameters, Object... arguments)
      throws Throwable {
    Thread thread = Thread.currentThread();
    ClassLoader hosts = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return loader.loadClass(type).getMethod(method, parameters).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      thread.setContextClassLoader(hosts);
    }
  }
}

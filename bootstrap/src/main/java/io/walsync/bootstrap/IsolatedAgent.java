package io.walsync.bootstrap;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The agent proper, behind its class loader. It is loaded when the first NativeDB is loaded, or
 * when somebody attaches; before that only this class exists.
 *
 * <p>States: not started, running, detached, failed. Once failed it stays failed, and drivers
 * loaded later are not changed. Once loaded the agent stays loaded, also when detached: it keeps
 * descriptors of database files, which must not be closed while the application has the databases
 * open.
 *
 * <p>Threading: any thread; starting is serialised.
 */
final class IsolatedAgent {

  private static final String BRIDGE = "boot/WalsyncBridge.classdata";
  private static final String WEAVING = "io.walsync.weave.Weaving";
  private static final String AGENT_START = "io.walsync.agent.AgentStart";
  private static final String AGENT_PROPERTIES = "io.walsync.weave.AgentProperties";
  private static final Class<?>[] CONFIG = {String.class};
  private static final Class<?>[] COMMAND = {String.class, String.class};
  private static final Class<?>[] LOADERS = {Set.class};
  private static final Class<?>[] NO_PARAMETERS = {};

  private final File jarFile;
  private final Instrumentation instrumentation;

  private String agentArgs;

  /** Null before it is needed. */
  private @Nullable AgentJar jar;

  /** Null before it is needed. */
  private @Nullable ClassLoader loader;

  /** What weaves, of the agent proper; null before the first driver. */
  private @Nullable UnaryOperator<byte[]> weaving;

  private boolean isExpectingSqlite;
  private boolean isArmed;
  private boolean isFailed;

  IsolatedAgent(File jarFile, String agentArgs, Instrumentation instrumentation) {
    this.jarFile = jarFile;
    this.agentArgs = agentArgs;
    this.instrumentation = instrumentation;
  }

  /** From now on the first NativeDB that is loaded starts the agent. */
  synchronized void expectSqlite() {
    isExpectingSqlite = true;
  }

  /**
   * @param classFile of a NativeDB
   * @return the woven class file; null if the agent has failed or does not replicate
   * @throws Throwable if the class cannot be woven; it stays as it is
   */
  synchronized byte @Nullable [] weave(byte[] classFile) throws Throwable {
    if (isFailed || !isArmed && !isExpectingSqlite) {
      return null;
    }
    UnaryOperator<byte[]> started = started();
    byte[] woven = started.apply(classFile);
    if (!isArmed) {
      arm(started);
    }
    return woven;
  }

  Instrumentation instrumentation() {
    return instrumentation;
  }

  /**
   * Weaves drivers that were loaded after the agent and are not woven, see {@link WeavingThread}.
   *
   * @return whether any has been woven now
   */
  boolean weaveLate(Instrumentation loadedBy) throws Throwable {
    synchronized (this) {
      if (isFailed || !isArmed && !isExpectingSqlite) {
        return false;
      }
      UnaryOperator<byte[]> started = started();
      if (!isArmed) {
        arm(started);
      }
    }
    return weaveLoaded(loadedBy) > 0;
  }

  /** The path of the configuration as it was given; empty if none was given. */
  synchronized String config() {
    return agentArgs;
  }

  /** Whether it replicates, or will as soon as SQLite is loaded. */
  synchronized boolean isActive() throws Throwable {
    if (!isArmed) {
      return isExpectingSqlite && !isFailed;
    }
    return (Boolean) call(loader(), AGENT_START, "isAttached", NO_PARAMETERS);
  }

  /**
   * Begins to replicate, with the configuration given.
   *
   * @throws Throwable if the configuration is wrong; nothing has changed then
   */
  @SuppressWarnings("unchecked")
  synchronized void attach(String config) throws Throwable {
    if (isFailed) {
      throw new IllegalStateException(
          "the agent has failed in this JVM; it can be tried again after a restart");
    }
    BiFunction<Object, Object, Object> sink =
        (BiFunction<Object, Object, Object>)
            call(loader(), AGENT_START, "attach", CONFIG, config.isEmpty() ? null : config);
    hand(sink, started());
    agentArgs = config;
    isArmed = true;
  }

  /**
   * Reads a configuration, as {@link #attach} would.
   *
   * @throws Throwable if it is wrong
   */
  void check(String config) throws Throwable {
    call(loader(), AGENT_START, "check", CONFIG, config);
  }

  /**
   * Weaves the drivers that are loaded already. Holds no lock that a class being loaded may wait
   * for.
   *
   * @return how many have been woven now
   */
  int weaveLoaded(Instrumentation attached) throws Throwable {
    UnaryOperator<byte[]> current = weaving;
    if (current == null) {
      return 0;
    }
    Object finder = call(loader(), AGENT_START, "finder", NO_PARAMETERS);
    int count;
    try {
      count =
          (Integer)
              current
                  .getClass()
                  .getMethod("weaveLoaded", Instrumentation.class, BiFunction.class)
                  .invoke(current, attached, finder);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (count > 0) {
      call(loader(), AGENT_START, "visitUnseen", LOADERS, drivers(attached));
    }
    return count;
  }

  private static Set<ClassLoader> drivers(Instrumentation attached) {
    Set<ClassLoader> loaders = new HashSet<>();
    for (Class<?> type : attached.getAllLoadedClasses()) {
      if (NativeDbTransformer.isNativeDb(type)) {
        loaders.add(type.getClassLoader());
      }
    }
    return loaders;
  }

  /**
   * Ends the replication; a later {@link #attach} begins again.
   *
   * @return what became of the databases, as a sentence for people
   */
  String detach() throws Throwable {
    synchronized (this) {
      isExpectingSqlite = false;
    }
    String result = (String) call(loader(), AGENT_START, "detach", NO_PARAMETERS);
    UnaryOperator<byte[]> current = weaving;
    if (current != null) {
      current.getClass().getMethod("unweaveLoaded").invoke(current);
    }
    return result;
  }

  /**
   * How the databases do.
   *
   * @param form {@code json} or {@code rows}
   * @return a word for all, a colon, and the form
   */
  String status(String form) throws Throwable {
    return (String) call(loader(), AGENT_START, "status", CONFIG, form);
  }

  /**
   * Passes on what somebody asks.
   *
   * @return a word for what became of it, a colon, and a sentence
   */
  String command(String verb, String argument) throws Throwable {
    String answer = (String) call(loader(), AGENT_START, "command", COMMAND, verb, argument);
    if (verb.equals("reload") && !argument.isEmpty()) {
      synchronized (this) {
        agentArgs = isArmed ? argument : agentArgs;
      }
    }
    return answer;
  }

  /** Sets a property that only a process which attaches can see; null removes it. */
  void publish(String key, @Nullable String value, Instrumentation attached) throws Throwable {
    Class<?>[] parameters = {Instrumentation.class, String.class, String.class};
    call(loader(), AGENT_PROPERTIES, "put", parameters, attached, key, value);
  }

  private synchronized AgentJar jar() throws IOException {
    AgentJar opened = jar;
    if (opened == null) {
      opened = AgentJar.open(jarFile);
      jar = opened;
    }
    return opened;
  }

  private synchronized ClassLoader loader() throws IOException {
    ClassLoader made = loader;
    if (made == null) {
      made = AgentClassLoader.forHost(jar());
      loader = made;
    }
    return made;
  }

  private UnaryOperator<byte[]> started() throws Throwable {
    UnaryOperator<byte[]> started = weaving;
    if (started == null) {
      started = start();
      weaving = started;
    }
    return started;
  }

  @SuppressWarnings("unchecked")
  private UnaryOperator<byte[]> start() throws Throwable {
    isFailed = true;
    ClassLoader isolated = loader();
    byte[] bridge = jar().content(BRIDGE);
    UnaryOperator<byte[]> started =
        (UnaryOperator<byte[]>)
            call(
                isolated,
                WEAVING,
                "start",
                new Class<?>[] {Instrumentation.class, byte[].class},
                instrumentation,
                bridge);
    isFailed = false;
    return started;
  }

  /**
   * Begins to replicate. It is separate from {@link #start}, so that a driver that cannot be woven
   * starts nothing.
   */
  @SuppressWarnings("unchecked")
  private void arm(UnaryOperator<byte[]> started) throws Throwable {
    isFailed = true;
    BiFunction<Object, Object, Object> sink =
        (BiFunction<Object, Object, Object>)
            call(loader(), AGENT_START, "arm", CONFIG, agentArgs.isEmpty() ? null : agentArgs);
    hand(sink, started);
    isArmed = true;
    isFailed = false;
  }

  @SuppressWarnings("unchecked")
  private void hand(BiFunction<Object, Object, Object> sink, UnaryOperator<byte[]> started)
      throws Throwable {
    Class<?>[] parameters = {Supplier.class, BooleanSupplier.class};
    call(loader(), AGENT_START, "watch", parameters, started, started);
    ((Consumer<BiFunction<Object, Object, Object>>) started).accept(sink);
  }

  /**
   * Calls a static method of the agent, with its loader as the thread's context loader: otherwise
   * libraries that look for their configuration there would find the host's.
   */
  private static Object call(
      ClassLoader loader,
      String type,
      String method,
      Class<?>[] parameters,
      @Nullable Object... arguments)
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

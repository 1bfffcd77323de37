package io.walsync.bootstrap;

import java.lang.instrument.Instrumentation;

/**
 * Where the JVM enters the agent. Whatever goes wrong here is one line on stderr: an exception out
 * of {@code premain} would keep the application from starting.
 */
public final class AgentEntry {

  private static final String NATIVE_METHOD_PREFIX = "walsync$";

  /** The system loader loads this class once, so it is seen by every copy of the agent. */
  private static String startedWith;

  private static IsolatedAgent agent;
  private static boolean isWeaving;

  private AgentEntry() {}

  /** {@code -javaagent:walsync-agent.jar=config.yml}. */
  public static void premain(String agentArgs, Instrumentation instrumentation) {
    try {
      start(agentArgs == null ? "" : agentArgs, instrumentation);
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
  }

  /** Attaching to a running JVM. */
  public static void agentmain(String agentArgs, Instrumentation instrumentation) {
    try {
      Attachment.answer(agentArgs == null ? "" : agentArgs, instrumentation);
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
  }

  /** The agent of this JVM; null if there has been none. */
  static synchronized IsolatedAgent agent() {
    return agent;
  }

  /** An agent that does nothing yet, for a JVM that has none. */
  static synchronized IsolatedAgent prepare(String agentArgs, Instrumentation instrumentation)
      throws Exception {
    startedWith = agentArgs;
    agent = new IsolatedAgent(AgentJar.locate(AgentEntry.class), agentArgs, instrumentation);
    return agent;
  }

  private static synchronized void start(String agentArgs, Instrumentation instrumentation)
      throws Exception {
    if (startedWith != null) {
      if (!startedWith.equals(agentArgs)) {
        Stderr.line("a second -javaagent is ignored; the configuration of the first one applies");
      }
      return;
    }
    prepare(agentArgs, instrumentation).expectSqlite();
    weaveFromNowOn(instrumentation);
  }

  /** As {@link #weaveFromNowOn}, where drivers may be loaded, which an attachment weaves. */
  static synchronized void weaveBesideLoaded(Instrumentation instrumentation) {
    if (!isWeaving) {
      weaveFromNowOn(instrumentation).leave(instrumentation.getAllLoadedClasses());
    }
  }

  /**
   * For the rest of the JVM's life: what was woven needs the prefix whenever a native of it is
   * linked.
   */
  private static NativeDbTransformer weaveFromNowOn(Instrumentation instrumentation) {
    NativeDbTransformer transformer = new NativeDbTransformer(agent);
    // Not retransformable: what we return is then the base that other agents' retransformations
    // start from, so that they cannot undo it.
    instrumentation.addTransformer(transformer);
    try {
      instrumentation.setNativeMethodPrefix(transformer, NATIVE_METHOD_PREFIX);
      isWeaving = true;
      return transformer;
    } catch (RuntimeException | Error e) {
      // Woven without the prefix, SQLite's natives would not link.
      instrumentation.removeTransformer(transformer);
      throw e;
    }
  }
}

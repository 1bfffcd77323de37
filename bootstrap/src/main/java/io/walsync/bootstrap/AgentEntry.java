package io.walsync.bootstrap;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM enters the agent. Every failure here is reported in one line on stderr: an
 * exception thrown by {@code premain} would keep the application from starting.
 */
public final class AgentEntry {

  private static final String NATIVE_METHOD_PREFIX = "walsync$";

  /**
   * The arguments that the agent was started with; null before. Every copy of the agent sees this
   * field, because the system loader loads this class once.
   */
  private static @Nullable String startedWith;

  private static @Nullable IsolatedAgent agent;
  private static boolean isWeaving;

  private AgentEntry() {}

  /** {@code -javaagent:walsync-agent.jar=config.yml}. */
  public static void premain(@Nullable String agentArgs, Instrumentation instrumentation) {
    try {
      start(agentArgs == null ? "" : agentArgs, instrumentation);
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
  }

  /** Called when somebody attaches to the running JVM. */
  public static void agentmain(@Nullable String agentArgs, Instrumentation instrumentation) {
    try {
      Attachment.answer(agentArgs == null ? "" : agentArgs, instrumentation);
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
  }

  /** The agent of this JVM; null if there has been none. */
  static synchronized @Nullable IsolatedAgent agent() {
    return agent;
  }

  /** Makes an agent that does nothing yet, if the JVM has none. */
  static synchronized IsolatedAgent prepare(String agentArgs, Instrumentation instrumentation)
      throws Exception {
    startedWith = agentArgs;
    IsolatedAgent prepared =
        new IsolatedAgent(AgentJar.locate(AgentEntry.class), agentArgs, instrumentation);
    agent = prepared;
    return prepared;
  }

  private static synchronized void start(String agentArgs, Instrumentation instrumentation)
      throws Exception {
    if (startedWith != null) {
      if (!startedWith.equals(agentArgs)) {
        Stderr.line("a second -javaagent is ignored; the configuration of the first one applies");
      }
      return;
    }
    IsolatedAgent prepared = prepare(agentArgs, instrumentation);
    prepared.expectSqlite();
    weaveFromNowOn(prepared, instrumentation);
  }

  /**
   * As {@link #weaveFromNowOn}, for a JVM in which drivers may be loaded already; {@link
   * Attachment} weaves those.
   */
  static synchronized void weaveBesideLoaded(
      IsolatedAgent prepared, Instrumentation instrumentation) {
    if (!isWeaving) {
      weaveFromNowOn(prepared, instrumentation).leave(instrumentation.getAllLoadedClasses());
    }
  }

  /**
   * Weaves every driver loaded from now on, for the rest of the JVM's life: a woven class needs the
   * prefix whenever one of its natives is linked.
   */
  private static NativeDbTransformer weaveFromNowOn(
      IsolatedAgent prepared, Instrumentation instrumentation) {
    NativeDbTransformer transformer = new NativeDbTransformer(prepared);
    // Not retransformable: then the retransformations of other agents start from the woven class
    // and cannot undo it.
    instrumentation.addTransformer(transformer);
    try {
      instrumentation.setNativeMethodPrefix(transformer, NATIVE_METHOD_PREFIX);
      isWeaving = true;
      return transformer;
    } catch (RuntimeException | Error e) {
      // Without the prefix the natives of a woven class would not link.
      instrumentation.removeTransformer(transformer);
      throw e;
    }
  }
}

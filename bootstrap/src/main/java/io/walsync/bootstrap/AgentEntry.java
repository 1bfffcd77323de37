package io.walsync.bootstrap;

import java.io.File;
import java.lang.instrument.Instrumentation;

/**
 * Where the JVM enters the agent. Whatever goes wrong here is one line on stderr: an exception out
 * of {@code premain} would keep the application from starting.
 */
public final class AgentEntry {

  private static final String NATIVE_METHOD_PREFIX = "walsync$";

  /** The system loader loads this class once, so it is seen by every copy of the agent. */
  private static String startedWith;

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
    Stderr.line("attaching to a running JVM is not available yet; start it with -javaagent");
  }

  private static synchronized void start(String agentArgs, Instrumentation instrumentation)
      throws Exception {
    if (startedWith != null) {
      if (!startedWith.equals(agentArgs)) {
        Stderr.line("a second -javaagent is ignored; the configuration of the first one applies");
      }
      return;
    }
    startedWith = agentArgs;
    File jar = AgentJar.locate(AgentEntry.class);
    NativeDbTransformer transformer =
        new NativeDbTransformer(new IsolatedAgent(jar, agentArgs, instrumentation));
    // Not retransformable: what we return is then the base that other agents' retransformations
    // start from, so that they cannot undo it.
    instrumentation.addTransformer(transformer);
    try {
      instrumentation.setNativeMethodPrefix(transformer, NATIVE_METHOD_PREFIX);
    } catch (RuntimeException | Error e) {
      // Woven without the prefix, SQLite's natives would not link.
      instrumentation.removeTransformer(transformer);
      throw e;
    }
  }
}

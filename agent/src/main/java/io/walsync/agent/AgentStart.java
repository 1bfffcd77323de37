package io.walsync.agent;

import io.walsync.hook.ConnectionHook;
import io.walsync.io.AgentThread;
import java.util.function.BiFunction;

/** Called by the bootstrap when the first NativeDB of the JVM has been woven. */
public final class AgentStart {

  private AgentStart() {}

  /**
   * Runs on an application thread that is loading a class: it must not block, nor start more than a
   * thread.
   *
   * @param agentArgs the path of the configuration; null if none was given
   * @return takes the NativeDB and the file name of each connection after its open, and returns its
   *     hook, or null for a connection that is left alone
   */
  public static BiFunction<Object, Object, Object> arm(String agentArgs) {
    Agent agent = new Agent(agentArgs);
    AgentThread.of(agent, "walsync-start").start();
    return (nativeDb, fileName) -> {
      if (AgentThread.isCurrent()) {
        return null;
      }
      ConnectionHook hook = new ConnectionHook(nativeDb, fileName, agent::opened);
      agent.opened(hook);
      return hook;
    };
  }
}

package io.walsync.io;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every thread of the agent: a named daemon whose context class loader is the agent's own, so that
 * neither the host's libraries nor its resources are ever picked up. The type is also how a hook
 * knows that a connection is the agent's and not the application's.
 */
public final class AgentThread extends Thread {

  /**
   * The agent's stacks are shallow; the default of 1 MB is only address space, but 1,000 hosts
   * count it.
   */
  private static final long STACK_BYTES = 512 * 1024;

  public AgentThread(Runnable work, String name) {
    super(null, work, name, STACK_BYTES);
    setDaemon(true);
    setContextClassLoader(AgentThread.class.getClassLoader());
  }

  /** Whether the calling thread is the agent's. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof AgentThread;
  }

  /** A factory of threads named {@code walsync-<role>-<n>}. */
  public static ThreadFactory factory(String role) {
    AtomicInteger count = new AtomicInteger();
    return work -> new AgentThread(work, "walsync-" + role + "-" + count.incrementAndGet());
  }
}

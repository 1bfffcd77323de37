package io.walsync.io;

import java.lang.reflect.Field;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every thread of the agent: a named daemon whose context class loader is the agent's own, so that
 * neither the host's libraries nor its resources are ever picked up. The type is also how a hook
 * knows that a connection is the agent's and not the application's.
 *
 * <p>Such a thread is often made by a thread of the application's, and takes nothing over from it:
 * neither its group, which the application may destroy, nor its priority, nor its access control
 * context and inheritable thread locals, which would keep the class loader of an application alive
 * that has long been undeployed.
 */
public final class AgentThread extends Thread {

  /**
   * The agent's stacks are shallow; the default of 1 MB is only address space, but 1,000 hosts
   * count it.
   */
  private static final long STACK_BYTES = 512 * 1024;

  private static final Field INHERITED = inheritedField();

  private AgentThread(ThreadGroup group, Runnable work, String name) {
    super(group, work, name, STACK_BYTES);
    setDaemon(true);
    setPriority(NORM_PRIORITY);
    setContextClassLoader(AgentThread.class.getClassLoader());
    dropInheritedLocals();
  }

  /** A thread that has yet to be started. */
  public static Thread of(Runnable work, String name) {
    PrivilegedAction<Thread> made = () -> new AgentThread(rootGroup(), work, name);
    try {
      return AccessController.doPrivileged(made);
    } catch (LinkageError goneWithSecurityManagers) {
      return made.run();
    }
  }

  /** Whether the calling thread is the agent's. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof AgentThread;
  }

  /** A factory of threads named {@code walsync-<role>-<n>}. */
  public static ThreadFactory factory(String role) {
    AtomicInteger count = new AtomicInteger();
    return work -> of(work, "walsync-" + role + "-" + count.incrementAndGet());
  }

  private static ThreadGroup rootGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /**
   * The constructor that inherits none exists from Java 9 on only. The field is within reach of the
   * agent, to which java.lang was opened for the bridge; elsewhere the locals are our own.
   */
  private static Field inheritedField() {
    try {
      Field field = Thread.class.getDeclaredField("inheritableThreadLocals");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException outOfReach) {
      return null;
    }
  }

  private void dropInheritedLocals() {
    if (INHERITED != null) {
      try {
        INHERITED.set(this, null);
      } catch (IllegalAccessException kept) {
        return;
      }
    }
  }
}

package io.walsync.io;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of the agent: a named daemon that has nothing of the application's, whichever thread
 * made it. Its context class loader is the agent's own, so that neither the host's libraries nor
 * its resources are ever picked up; its group is the outermost, so that the application does not
 * count it among its own; what it dies of does not reach the application's uncaught exception
 * handler; and it inherits neither thread locals nor an access control context, which would keep
 * class loaders of a web application alive after a redeployment.
 *
 * <p>The type is also how a hook knows that a connection is the agent's and not the application's.
 */
public final class AgentThread extends Thread {

  /**
   * The agent's stacks are shallow; the default of 1 MB is only address space, but 1,000 hosts
   * count it.
   */
  private static final long STACK_BYTES = 512 * 1024;

  @SuppressWarnings("ThreadPriorityCheck") // it asks for the ordinary one
  private AgentThread(Runnable work, String name) {
    super(outermostGroup(), work, name, STACK_BYTES);
    setDaemon(true);
    setPriority(NORM_PRIORITY);
    setContextClassLoader(AgentThread.class.getClassLoader());
    setUncaughtExceptionHandler(AgentThread::report);
    dropInheritedThreadLocals(this);
  }

  /** A thread that is not started yet. */
  public static AgentThread of(Runnable work, String name) {
    return Privileged.call(
        new PrivilegedAction<AgentThread>() {
          @Override
          public AgentThread run() {
            return new AgentThread(work, name);
          }
        });
  }

  private static ThreadGroup outermostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** Java 9 has a constructor for it; Java 8 does not, and the agent opens java.lang to itself. */
  private static void dropInheritedThreadLocals(Thread thread) {
    try {
      if (isJavaLangOpen()) {
        Field inherited = Thread.class.getDeclaredField("inheritableThreadLocals");
        inherited.setAccessible(true);
        inherited.set(thread, null);
      }
    } catch (ReflectiveOperationException | RuntimeException theyStay) {
      return;
    }
  }

  /**
   * Not before the bridge is in place, nor on the command line; Java 9 to 16 would let us in
   * regardless and print a warning.
   */
  private static boolean isJavaLangOpen() throws ReflectiveOperationException {
    Method getModule;
    try {
      getModule = Class.class.getMethod("getModule");
    } catch (NoSuchMethodException java8) {
      return true;
    }
    Class<?> module = getModule.getReturnType();
    return (Boolean)
        module
            .getMethod("isOpen", String.class, module)
            .invoke(
                getModule.invoke(Thread.class), "java.lang", getModule.invoke(AgentThread.class));
  }

  private static void report(Thread thread, Throwable t) {
    try {
      LoggerFactory.getLogger("walsync").error("unexpected failure in {}", thread.getName(), t);
    } catch (Throwable noMemoryForALine) {
      return;
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
}

package io.walsync.io;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of the agent: a named daemon that takes nothing over from the application, whichever
 * thread made it. Its context class loader is the agent's own, so that neither the host's libraries
 * nor its resources are ever picked up. Its group is the outermost, so that the application does
 * not count it among its own. Its uncaught exceptions do not reach the application's handler. It
 * inherits neither thread locals nor an access control context: they would keep class loaders of a
 * web application alive after a redeployment.
 *
 * <p>The type is also how a hook knows that a connection is the agent's and not the application's.
 */
public final class AgentThread extends Thread {

  /**
   * The agent's stacks are shallow. The default of 1 MB is only address space, but some hosts limit
   * that too.
   */
  private static final long STACK_BYTES = 512 * 1024;

  @SuppressWarnings("ThreadPriorityCheck") // the thread asks for the ordinary priority
  private AgentThread(Runnable work, String name) {
    super(outermostGroup(), work, name, STACK_BYTES);
    setDaemon(true);
    setPriority(NORM_PRIORITY);
    setContextClassLoader(AgentThread.class.getClassLoader());
    setUncaughtExceptionHandler(AgentThread::report);
    dropInheritedThreadLocals(this);
  }

  /** Makes a thread; the caller starts it. */
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

  /**
   * By reflection: only Java 9 has a constructor that inherits none. The agent has opened java.lang
   * to itself.
   */
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
   * False before the bridge is in place, and on the command line. It is asked because Java 9 to 16
   * would grant the access regardless and print a warning.
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

  /** As {@link #factory}, of threads that give way to all others of the process. */
  @SuppressWarnings("ThreadPriorityCheck") // what they do may be late by as long as it takes
  public static ThreadFactory leastFactory(String role) {
    ThreadFactory threads = factory(role);
    return work -> {
      Thread thread = threads.newThread(work);
      thread.setPriority(MIN_PRIORITY);
      return thread;
    };
  }

  /** A factory of threads named {@code walsync-<role>-<n>}. */
  public static ThreadFactory factory(String role) {
    AtomicInteger count = new AtomicInteger();
    return work -> of(work, "walsync-" + role + "-" + count.incrementAndGet());
  }
}

package io.walsync.bootstrap;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Weaves drivers on a thread of its own while the thread that loads one waits. The stack of that
 * thread may be almost full, and a class of the agent that fails to load there stays unusable for
 * the rest of the JVM's life. This thread also looks for drivers that the transformer has missed,
 * since the JVM silently loads a class unchanged when it cannot call the transformer, and has them
 * woven as loaded classes.
 *
 * <p>Threading: {@link #weave} and {@link #look} from threads that load a class, with that class's
 * loading lock held; nothing here asks the class's loader for anything.
 */
class WeavingThread implements Runnable {

  /** Longest wait of a loading thread. Some 20 ms are usual, on a busy machine a second. */
  private static final long WEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Pause before the first look at the loaded classes. Each later pause is twice the one before.
   */
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * Longest pause; after it the thread ends. When a driver loads another class, it begins again
   * with the first pause.
   */
  private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(32);

  /** The field that a woven NativeDB has. */
  private static final String HOOK_FIELD = "walsync$hook";

  /** One class file that a loading thread waits for. */
  private static final class Order {
    final byte[] classFile;

    /** Null before it is done, and if the class is to stay as it is. */
    byte @Nullable [] woven;

    boolean isDone;

    Order(byte[] classFile) {
      this.classFile = classFile;
    }
  }

  private final IsolatedAgent agent;
  private final Queue<Order> orders = new ArrayDeque<>();

  /**
   * Drivers that are woven, or are not to be, by class loader. Weak: they belong to the
   * application.
   */
  private final Set<Object> decided = Collections.newSetFromMap(new WeakHashMap<>());

  private volatile WeakReference<Object> lastDecided = new WeakReference<>(null);

  /**
   * Drivers that are being loaded, by class loader. A look finds out whether each has been woven.
   */
  private final Set<Object> undecided = Collections.newSetFromMap(new WeakHashMap<>());

  private long pauseNanos;

  /** Null while there is nothing to do. */
  private @Nullable Thread thread;

  private volatile boolean isWeavingLate;

  WeavingThread(IsolatedAgent agent) {
    this.agent = agent;
  }

  /** See {@link IsolatedAgent#weave}. */
  byte @Nullable [] woven(byte[] classFile) throws Throwable {
    return agent.weave(classFile);
  }

  /** See {@link IsolatedAgent#weaveLate}. */
  boolean isWovenLate() throws Throwable {
    return agent.weaveLate(agent.instrumentation());
  }

  Class<?>[] loadedClasses() {
    return agent.instrumentation().getAllLoadedClasses();
  }

  /** A class of a driver, other than its NativeDB, is being loaded. */
  void look(@Nullable ClassLoader loader) {
    if (lastDecided.get() == key(loader)) {
      return;
    }
    synchronized (this) {
      if (!decided.contains(key(loader))) {
        undecided.add(key(loader));
        if (pauseNanos != FIRST_PAUSE_NANOS) {
          pauseNanos = FIRST_PAUSE_NANOS;
          notifyAll();
        }
        needThread();
      }
    }
  }

  /**
   * Weaves a class file on this thread's stack. The result may not reach the JVM: if the stack
   * overflows on the way back, the JVM loads the class unchanged. So the driver stays undecided
   * until a look.
   *
   * @param classFile of a NativeDB
   * @return the woven class file; null if the class is to stay as it is, for good or for now
   */
  byte @Nullable [] weave(@Nullable ClassLoader loader, byte[] classFile) {
    look(loader);
    Order order = new Order(classFile);
    synchronized (this) {
      orders.add(order);
      notifyAll();
      await(order);
      if (order.isDone && order.woven == null) {
        decided(loader);
      }
      return order.woven;
    }
  }

  /** Notes that nothing is left to do for a driver. */
  synchronized void decided(@Nullable ClassLoader loader) {
    decided.add(key(loader));
    undecided.remove(key(loader));
    lastDecided = new WeakReference<>(key(loader));
  }

  private static Object key(@Nullable ClassLoader loader) {
    return loader == null ? Object.class : loader;
  }

  private void await(Order order) {
    boolean isInterrupted = false;
    long end = System.nanoTime() + WEAVE_NANOS;
    for (long left = WEAVE_NANOS; !order.isDone && left > 0; left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException later) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void needThread() {
    if (thread != null) {
      return;
    }
    Thread made = new Thread(outermostGroup(), this, "walsync-weave");
    made.setDaemon(true);
    made.setContextClassLoader(WeavingThread.class.getClassLoader());
    made.start();
    thread = made;
  }

  private static ThreadGroup outermostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /**
   * Says at the end of the JVM that a driver was never woven, if it ends before a look has found
   * it.
   */
  private final class LastWord extends Thread {

    LastWord() {
      super("walsync-last-word");
    }

    @Override
    public void run() {
      if (isWeavingLate || isAnyUnwoven()) {
        Stderr.line(
            "SQLite's driver was loaded where the application's stack or memory had come to an end,"
                + " and the JVM ends before it could be prepared: nothing that was committed in"
                + " this run is replicated yet. It will be when the database is next opened with"
                + " the agent");
      }
    }

    private boolean isAnyUnwoven() {
      for (Class<?> type : loadedClasses()) {
        if (NativeDbTransformer.isNativeDb(type)
            && isUndecided(type.getClassLoader())
            && !isWoven(type)) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public void run() {
    LastWord lastWord = new LastWord();
    try {
      Runtime.getRuntime().addShutdownHook(lastWord);
    } catch (IllegalStateException isEndingAlready) {
      weaveAndLook();
      return;
    }
    weaveAndLook();
    try {
      Runtime.getRuntime().removeShutdownHook(lastWord);
    } catch (IllegalStateException isEnding) {
      return;
    }
  }

  private void weaveAndLook() {
    try {
      while (true) {
        Order order = next();
        if (order != null) {
          fill(order);
        } else if (!isStillLooking()) {
          return;
        } else {
          lookAtLoaded();
        }
      }
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
      ended();
    }
  }

  /** Waits for an order until it is time for a look; null if it is. */
  private synchronized @Nullable Order next() throws InterruptedException {
    long since = System.nanoTime();
    // The pause becomes shorter when the driver loads another class.
    for (long left = pauseNanos;
        orders.isEmpty() && left > 0;
        left = since + pauseNanos - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return orders.poll();
  }

  private synchronized void ended() {
    thread = null;
  }

  /**
   * Whether to look once more. If not, the caller ends, and {@link #needThread} would start another
   * thread.
   */
  private synchronized boolean isStillLooking() {
    boolean isLooking = !undecided.isEmpty() && pauseNanos <= LAST_PAUSE_NANOS;
    if (!isLooking) {
      thread = null;
    }
    return isLooking;
  }

  private void fill(Order order) {
    byte[] woven = null;
    try {
      woven = woven(order.classFile);
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
    synchronized (this) {
      order.woven = woven;
      order.isDone = true;
      notifyAll();
    }
  }

  private void lookAtLoaded() {
    synchronized (this) {
      pauseNanos *= 2;
    }
    boolean isAnyLate = false;
    for (Class<?> type : loadedClasses()) {
      if (NativeDbTransformer.isNativeDb(type)) {
        isAnyLate |= isUndecided(type.getClassLoader()) && !isWoven(type);
        isWeavingLate |= isAnyLate;
        decided(type.getClassLoader());
      }
    }
    if (isAnyLate) {
      weaveLate();
    }
  }

  private synchronized boolean isUndecided(@Nullable ClassLoader loader) {
    return !decided.contains(key(loader));
  }

  private static boolean isWoven(Class<?> nativeDb) {
    try {
      return nativeDb.getDeclaredField(HOOK_FIELD) != null;
    } catch (NoSuchFieldException gotPast) {
      return false;
    }
  }

  private void weaveLate() {
    try {
      if (isWovenLate()) {
        Stderr.line(
            "SQLite's driver was loaded where the application's stack or memory had come to an end,"
                + " and could not be prepared there. It is now: databases are replicated from the"
                + " next statement of each connection on, and what was committed before with it;"
                + " one that was closed again before that, when it is next opened");
      }
    } catch (Throwable t) {
      Stderr.replicationIsOff(t);
    }
    isWeavingLate = false;
  }
}

package io.walsync.io;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of agent threads that run tasks, now, at a time, or when a {@link Bell} rings.
 *
 * <p>Not a {@link java.util.concurrent.Executor}, because application threads hand work over:
 * tracing agents carry the submitting thread's context through every executor of the JDK, so that
 * our work would belong to the application's traces and keep their spans alive.
 *
 * <p>Application threads may ring bells and nothing else. To ring takes no lock, allocates nothing
 * and starts no thread, so that an application thread that dies in it, at the end of its stack or
 * of the memory, leaves nothing behind that others would wait for.
 *
 * <p>Threading: safe. The monitor is held for a few instructions, never while a task runs. Threads
 * start when first needed and live as long as the process.
 */
public final class AgentThreads {

  /** Pause after an error that cannot even be logged, such as an {@link OutOfMemoryError}. */
  private static final long DISTRESS_NANOS = 100_000_000;

  /**
   * Longest wait of an idle thread. It bounds how late a bell is heard whose ringer died before it
   * could wake a thread.
   */
  private static final long LISTEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int maxThreadCount;
  private final ThreadFactory factory;

  private final Worker[] workers;

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final DueTasks due = new DueTasks();
  private int startedCount;
  private int runningCount;
  private volatile boolean isClosed;

  /** The array is replaced when it grows; the groups in it stay. */
  private volatile BellGroup[] bells = {};

  /**
   * @param maxThreadCount threads at most
   * @param role part of their names
   */
  public AgentThreads(int maxThreadCount, String role) {
    this.maxThreadCount = maxThreadCount;
    this.factory = AgentThread.factory(role);
    this.workers = new Worker[maxThreadCount];
    for (int i = 0; i < maxThreadCount; i++) {
      workers[i] = new Worker();
    }
  }

  /** Runs a task as soon as a thread is free; after {@link #close} never. Agent threads only. */
  public synchronized void run(Runnable work) {
    if (isClosed) {
      return;
    }
    DueTasks.Task task = new DueTasks.Task(work);
    needThread();
    due.add(task);
    wakeOne();
  }

  /** Runs a task once, after a time; after {@link #close} never. Agent threads only. */
  public synchronized Timer runAfter(long delayNanos, Runnable task) {
    Timer timer = new Timer(System.nanoTime() + delayNanos, task);
    if (!isClosed) {
      needThread();
      timers.add(timer);
      if (timers.peek() == timer) {
        wakeOne();
      }
    }
    return timer;
  }

  /** Makes a bell: the work runs once it has been rung, never twice at once. Agent threads only. */
  public synchronized Bell bell(Runnable work) {
    if (!isClosed) {
      needThread();
    }
    for (BellGroup group : bells) {
      int place = group.freePlace();
      if (place >= 0) {
        return new Bell(work, group, place);
      }
    }
    BellGroup[] more = Arrays.copyOf(bells, bells.length + 1);
    BellGroup added = new BellGroup();
    more[bells.length] = added;
    bells = more;
    return new Bell(work, added, 0);
  }

  /** Starts the first thread: without one nobody would hear a bell. */
  private void needThread() {
    if (startedCount == 0) {
      startOne();
    }
  }

  private void startOne() {
    Thread thread = factory.newThread(workers[startedCount]);
    startedCount++;
    runningCount++;
    try {
      thread.start();
    } catch (Throwable noMoreThreads) {
      startedCount--;
      runningCount--;
      throw noMoreThreads;
    }
  }

  /** Called when there is something to do: wakes an idle thread, or starts another one. */
  private void wakeOne() {
    if (isAnyWoken() || startedCount == maxThreadCount) {
      return;
    }
    try {
      startOne();
    } catch (Throwable noMoreThreads) {
      // The threads that exist do the work, one task after the other.
      return;
    }
  }

  /** Wakes an idle thread; false if there is none. May be called from any thread. */
  private boolean isAnyWoken() {
    for (Worker worker : workers) {
      Thread idle = worker.idle;
      if (idle != null) {
        LockSupport.unpark(idle);
        return true;
      }
    }
    return false;
  }

  /** Queues the work of the bells that were rung since the last call. */
  private void listen() {
    for (BellGroup group : bells) {
      long rung = group.get() == 0 ? 0 : group.getAndSet(0);
      for (; rung != 0; rung &= rung - 1) {
        Bell bell = group.bells[Long.numberOfTrailingZeros(rung)];
        if (bell == null || bell.isQueued) {
          continue;
        }
        if (bell.isRunning) {
          bell.isRungAgain = true;
        } else {
          due.add(bell);
        }
      }
    }
  }

  private boolean isAnyRung() {
    for (BellGroup group : bells) {
      if (group.get() != 0) {
        return true;
      }
    }
    return false;
  }

  private synchronized void ended(DueTasks.Task task) {
    task.isRunning = false;
    if (task.isRungAgain) {
      task.isRungAgain = false;
      due.add(task);
    }
  }

  /** Takes the next task; null if there is none now, and the worker is to wait. */
  private synchronized DueTasks.@Nullable Task next(Worker worker) {
    listen();
    Timer first = timers.peek();
    long waitNanos = first == null ? LISTEN_NANOS : first.atNanos - System.nanoTime();
    if (waitNanos <= 0) {
      timers.poll();
      wakeForTheRest();
      return first.task;
    }
    if (due.isEmpty()) {
      worker.waitNanos = Math.min(waitNanos, LISTEN_NANOS);
      worker.idle = Thread.currentThread();
      return null;
    }
    DueTasks.Task task = due.take();
    task.isRunning = true;
    wakeForTheRest();
    return task;
  }

  private void wakeForTheRest() {
    if (!due.isEmpty()) {
      wakeOne();
    }
  }

  /**
   * Drops the tasks that wait, and waits until the running ones have ended.
   *
   * @return false if one had not ended in time
   */
  public synchronized boolean close(long timeoutNanos) throws InterruptedException {
    isClosed = true;
    due.clear();
    timers.clear();
    for (Worker worker : workers) {
      // unpark(null) does nothing.
      LockSupport.unpark(worker.idle);
    }
    long end = System.nanoTime() + timeoutNanos;
    for (long left = timeoutNanos; runningCount > 0 && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return runningCount == 0;
  }

  private synchronized void workerEnded() {
    runningCount--;
    notifyAll();
  }

  /** What one thread does for as long as it lives. */
  private final class Worker implements Runnable {

    /** The thread while it waits or is about to. */
    private volatile @Nullable Thread idle;

    private long waitNanos;

    @Override
    public void run() {
      while (!isClosed) {
        runNext();
      }
      workerEnded();
    }

    /** Runs one task, or waits for one. No exception of a task ends the thread. */
    private void runNext() {
      try {
        DueTasks.Task task = next(this);
        if (task == null) {
          await();
          return;
        }
        try {
          task.work.run();
        } finally {
          ended(task);
        }
      } catch (Throwable t) {
        try {
          Thread self = Thread.currentThread();
          self.getUncaughtExceptionHandler().uncaughtException(self, t);
        } catch (Throwable cannotEvenBeTold) {
          LockSupport.parkNanos(DISTRESS_NANOS);
        }
      }
    }

    private void await() {
      // A bell that was rung before `idle` was set has woken nobody, so look before waiting.
      if (!isAnyRung() && !isClosed) {
        LockSupport.parkNanos(waitNanos);
      }
      idle = null;
      // An interrupt is not meant for this thread, and would keep it from waiting.
      Thread.interrupted();
    }
  }

  /** Up to 64 bells, and one bit for each that is set while it is rung and not heard. */
  private static final class BellGroup extends AtomicLong {

    private static final long serialVersionUID = 1;

    private final transient Bell[] bells = new Bell[Long.SIZE];

    private int freePlace() {
      for (int place = 0; place < bells.length; place++) {
        if (bells[place] == null) {
          return place;
        }
      }
      return -1;
    }
  }

  /** Work that any thread can ask for, by setting a bit in a {@link BellGroup}. */
  public final class Bell extends DueTasks.Task {

    private final BellGroup group;
    private final int place;

    private Bell(Runnable work, BellGroup group, int place) {
      super(work);
      this.group = group;
      this.place = place;
      group.bells[place] = this;
    }

    /**
     * Has the work done soon. May be called from any thread. Ringing again before the bell is heard
     * costs two reads of memory. Nothing is left half done, wherever the caller dies.
     */
    public void ring() {
      long sign = 1L << place;
      long rung = group.get();
      while ((rung & sign) == 0) {
        if (group.compareAndSet(rung, rung | sign)) {
          isAnyWoken();
          return;
        }
        rung = group.get();
      }
    }

    /** Ends the bell: ringing it does nothing any more. Agent threads only. */
    public void remove() {
      synchronized (AgentThreads.this) {
        if (group.bells[place] == this) {
          group.bells[place] = null;
        }
      }
    }
  }

  /** A task that runs once, at a certain time. */
  public final class Timer implements Comparable<Timer> {

    private final long atNanos;
    private final DueTasks.Task task;

    private Timer(long atNanos, Runnable work) {
      this.atNanos = atNanos;
      this.task = new DueTasks.Task(work);
    }

    /** Without effect once the task has begun. */
    public void cancel() {
      synchronized (AgentThreads.this) {
        timers.remove(this);
      }
    }

    @Override
    public int compareTo(Timer other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }
}

package io.walsync.io;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed number of agent threads that run tasks, now or at a time.
 *
 * <p>Not a {@link java.util.concurrent.Executor}, because application threads hand tasks over:
 * tracing agents carry the submitting thread's context through every executor of the JDK, so that
 * our work would belong to the application's traces and keep their spans alive.
 *
 * <p>Threading: safe. The lock is held for a few instructions, never while a task runs. Threads
 * start when first needed and live as long as the process.
 */
public final class AgentThreads {

  /** Out of memory so far that nothing can be said of it: no use in hurrying. */
  private static final long DISTRESS_NANOS = 100_000_000;

  private final int maxThreadCount;
  private final ThreadFactory factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Bounded by their users: a task is in here once at most. */
  private final Queue<Runnable> due = new ArrayDeque<>();

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private int threadCount;
  private boolean isClosed;

  /**
   * @param maxThreadCount threads at most
   * @param role part of their names
   */
  public AgentThreads(int maxThreadCount, String role) {
    this.maxThreadCount = maxThreadCount;
    this.factory = AgentThread.factory(role);
  }

  /** Runs a task as soon as a thread is free; after {@link #close} never. */
  public void run(Runnable task) {
    lock.lock();
    try {
      if (!isClosed) {
        due.add(task);
        wakeOneOr(() -> due.remove(task));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs a task once, after a time; after {@link #close} never. */
  public Timer runAfter(long delayNanos, Runnable task) {
    Timer timer = new Timer(System.nanoTime() + delayNanos, task);
    lock.lock();
    try {
      if (!isClosed) {
        timers.add(timer);
        if (timers.peek() == timer) {
          wakeOneOr(() -> timers.remove(timer));
        }
      }
    } finally {
      lock.unlock();
    }
    return timer;
  }

  /** What is not going to run must not be there when a thread can be had again. */
  private void wakeOneOr(Runnable takeBack) {
    try {
      wakeOne();
    } catch (RuntimeException | Error noThread) {
      takeBack.run();
      throw noThread;
    }
  }

  private void wakeOne() {
    if (threadCount < maxThreadCount) {
      startOne();
    } else {
      changed.signal();
    }
  }

  private void startOne() {
    threadCount++;
    try {
      factory.newThread(this::work).start();
    } catch (Throwable noMoreThreads) {
      threadCount--;
      if (threadCount == 0) {
        throw noMoreThreads;
      }
      changed.signal();
    }
  }

  private void work() {
    while (runNext()) {
      continue;
    }
    lock.lock();
    try {
      threadCount--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Runs one task; false once closed. Nothing that a task dies of ends the thread. */
  private boolean runNext() {
    try {
      Runnable task = next();
      if (task == null) {
        return false;
      }
      task.run();
    } catch (Throwable t) {
      try {
        Thread self = Thread.currentThread();
        self.getUncaughtExceptionHandler().uncaughtException(self, t);
      } catch (Throwable cannotEvenBeTold) {
        LockSupport.parkNanos(DISTRESS_NANOS);
      }
    }
    return true;
  }

  /** Waits for a task; null once closed. */
  private Runnable next() {
    lock.lock();
    try {
      while (!isClosed) {
        Timer first = timers.peek();
        long waitNanos = first == null ? Long.MAX_VALUE : first.atNanos - System.nanoTime();
        if (waitNanos <= 0) {
          return timers.poll().task;
        }
        Runnable task = due.poll();
        if (task != null) {
          return task;
        }
        await(waitNanos);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void await(long nanos) {
    try {
      changed.awaitNanos(nanos);
    } catch (InterruptedException notMeantForUs) {
      // The next look finds what there is to do.
    }
  }

  /**
   * Drops what waits, and waits until what runs has ended.
   *
   * @return false if it had not ended in time
   */
  public boolean close(long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    lock.lock();
    try {
      isClosed = true;
      due.clear();
      timers.clear();
      changed.signalAll();
      while (threadCount > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return threadCount == 0;
    } finally {
      lock.unlock();
    }
  }

  /** A task that waits for its time. */
  public final class Timer implements Comparable<Timer> {

    private final long atNanos;
    private final Runnable task;

    private Timer(long atNanos, Runnable task) {
      this.atNanos = atNanos;
      this.task = task;
    }

    /** Without effect once the task has begun. */
    public void cancel() {
      lock.lock();
      try {
        timers.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Timer other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }
}

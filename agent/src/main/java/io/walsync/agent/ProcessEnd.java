package io.walsync.agent;

import io.walsync.config.LogLevel;
import io.walsync.hook.FileConnection;
import io.walsync.io.AgentThread;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The end of the process, from the beginning of the application's shutdown hooks to the halt. What
 * there is to do is done on a thread of its own, which may wait for whatever it likes; the threads
 * that end the process wait for that one, and for nothing else, up to a time.
 *
 * <p>States: unused; begun, beside the application's hooks; last, when they are over; done.
 */
final class ProcessEnd implements Runnable {

  /** What the end of the process grants a start that has to be made up for. */
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** While the application's hooks run: new databases are to be noticed. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Beyond the deadline: fsyncs of the local state, and the lines that say what is missing. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String HANGS =
      "walsync: the shutdown deadline is over and the agent hangs: what was committed may be missing"
          + " in the store. It is in the databases on this machine, and uploaded when the application"
          + " next opens them\n";

  private final StartGate gate;
  private final Start start;
  private final Supplier<List<FileConnection>> connections;

  private long beganNanos;

  /** Null before the agent has started. */
  private volatile Shutdown running;

  private volatile Thread working;
  private volatile Thread ending;
  private volatile long readyNanos;
  private volatile boolean isReady;
  private volatile boolean isToldWhenReady;
  private volatile boolean isDone;

  /** The agent, which may be about to start. */
  interface Start {

    /** Waits; null if there is nothing to end. */
    Shutdown await(long timeoutNanos) throws InterruptedException;

    /** Whether {@link #await} would find it started, or failed. */
    boolean isOver();

    /**
     * Takes in the connections whose open was not told, at the end of the application's stack;
     * waits a moment for that.
     */
    void takeInMissed() throws InterruptedException;
  }

  ProcessEnd(StartGate gate, Start start, Supplier<List<FileConnection>> connections) {
    this.gate = gate;
    this.start = start;
    this.connections = connections;
  }

  /** As one of the application's shutdown hooks. */
  @Override
  public void run() {
    if (!begin()) {
      ready();
    }
  }

  /** Returns whether {@link #ready} will be called by the JVM. */
  boolean begin() {
    beganNanos = System.nanoTime();
    isToldWhenReady = BeforeHalt.run(this::ready);
    try {
      Thread thread = AgentThread.of(this::work, "walsync-end");
      working = thread;
      thread.start();
    } catch (OutOfMemoryError noThread) {
      isToldWhenReady = false;
      work();
    }
    return isToldWhenReady;
  }

  /** The application's hooks are over; on the thread that ends the process. */
  private void ready() {
    ending = Thread.currentThread();
    readyNanos = System.nanoTime();
    isReady = true;
    LockSupport.unpark(working);
    boolean isInterrupted = false;
    while (!isDone) {
      Shutdown shutdown = running;
      long end =
          shutdown == null
              ? readyNanos + START_NANOS + GRACE_NANOS
              : shutdown.endNanos(beganNanos, readyNanos) + GRACE_NANOS;
      long left = end - System.nanoTime();
      if (left <= 0) {
        tellThatItHangs();
        break;
      }
      LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
      isInterrupted |= Thread.interrupted();
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      end();
    } catch (InterruptedException nobodyInterruptsUs) {
      Thread.currentThread().interrupt();
    } finally {
      isDone = true;
      LockSupport.unpark(ending);
    }
  }

  private void end() throws InterruptedException {
    start.takeInMissed();
    while (!gate.hurry()) {
      // No connection so far. A hook of the application's may still open the first.
      if (isReady) {
        return;
      }
      LockSupport.parkNanos(LOOK_NANOS);
      start.takeInMissed();
    }
    Shutdown shutdown = start.await(START_NANOS);
    if (shutdown == null) {
      if (!start.isOver()) {
        AgentLog.start(LogLevel.INFO)
            .warn(
                "the process ended before the agent had started. What it committed is on this"
                    + " machine only, and uploaded when the application next opens the databases");
      }
      return;
    }
    running = shutdown;
    if (!isToldWhenReady) {
      shutdown.finishWhenQuiet(shutdown.endNanos(beganNanos, beganNanos));
      return;
    }
    while (!isReady) {
      shutdown.beginDrain();
      LockSupport.parkNanos(LOOK_NANOS);
    }
    start.takeInMissed();
    shutdown.finish(shutdown.endNanos(beganNanos, readyNanos), connections);
  }

  /** Past System.err and the log, whose locks somebody may hold. */
  private static void tellThatItHangs() {
    try {
      new FileOutputStream(FileDescriptor.err).write(HANGS.getBytes(StandardCharsets.UTF_8));
    } catch (IOException nobodyReads) {
      return;
    }
  }
}

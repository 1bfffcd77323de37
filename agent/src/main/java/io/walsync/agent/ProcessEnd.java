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
import org.jspecify.annotations.Nullable;

/**
 * The end of the process, from the beginning of the application's shutdown hooks to the halt. The
 * work is done on a thread of its own, which may wait for anything. The threads that end the
 * process wait for that thread and for nothing else, with a bound.
 *
 * <p>States: unused; begun, beside the application's hooks; last, when they are over; done.
 */
final class ProcessEnd implements Runnable {

  /** How long the end of the process waits for a start that has not happened yet. */
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Pause between two looks for new databases while the application's hooks run. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * Time after the deadline for fsyncs of the local state, and for the lines that say what is
   * missing.
   */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String HANGS =
      "walsync: the shutdown deadline is over and the agent hangs: what was committed may be"
          + " missing in the store. It is in the databases on this machine, and uploaded when the"
          + " application next opens them\n";

  private final StartGate gate;
  private final Start start;
  private final Supplier<List<FileConnection>> connections;

  private long beganNanos;

  /** Null before the agent has started. */
  private volatile @Nullable Shutdown running;

  /** The thread that works on the end; null before there is one. */
  private volatile @Nullable Thread working;

  /** The thread that waits for it, and then halts the JVM; null before that. */
  private volatile @Nullable Thread ending;

  private volatile long readyNanos;
  private volatile boolean isReady;
  private volatile boolean isToldWhenReady;
  private volatile boolean isDone;

  /** Tells whether the agent has started. */
  interface Start {

    /** Waits for the start; null if there is nothing to end. */
    @Nullable Shutdown await(long timeoutNanos) throws InterruptedException;

    /** Whether {@link #await} would find it started, or failed. */
    boolean isOver();

    /**
     * Takes in the connections that got no hook; see {@link BridgeWatch}. Waits a moment for that.
     */
    void takeInMissed() throws InterruptedException;
  }

  ProcessEnd(StartGate gate, Start start, Supplier<List<FileConnection>> connections) {
    this.gate = gate;
    this.start = start;
    this.connections = connections;
  }

  /** Runs beside the application's shutdown hooks. */
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

  /** Called on the thread that ends the process when the application's hooks are over. */
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
      // No connection so far, but a hook of the application may still open the first.
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

  /**
   * Writes to the descriptor of stderr directly: somebody may hold the locks of System.err or the
   * log.
   */
  private static void tellThatItHangs() {
    try {
      new FileOutputStream(FileDescriptor.err).write(HANGS.getBytes(StandardCharsets.UTF_8));
    } catch (IOException nobodyReads) {
      return;
    }
  }
}

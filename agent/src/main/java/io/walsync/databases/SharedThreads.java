package io.walsync.databases;

import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.Pause;
import io.walsync.hook.Arrivals;
import io.walsync.hook.FileConnection;
import io.walsync.host.Host;
import io.walsync.io.AgentThread;
import io.walsync.io.AgentThreads;
import io.walsync.io.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all databases of the process share.
 *
 * <p>Threading: safe.
 */
final class SharedThreads implements DbExecutors {

  /** Two capture threads: one database's snapshot does not keep the others waiting. */
  private static final int CAPTURE_THREADS = 2;

  /** Requests to stores that may be under way at once, over all databases. */
  private static final int UPLOAD_THREADS = 4;

  private static final long IDLE_THREAD_SECONDS = 30;

  private final Host host = new Host();
  private final AgentThreads capture = new AgentThreads(CAPTURE_THREADS, "capture");
  private final ThreadPoolExecutor uploads = threads(UPLOAD_THREADS, AgentThread.factory("upload"));

  /** One thread: the listings of a thousand databases follow one another and delay no upload. */
  private final ThreadPoolExecutor listings = threads(1, AgentThread.factory("listing"));

  /** One thread, which gives way to all others: the pasts of all databases follow one another. */
  private final ThreadPoolExecutor compactions = threads(1, AgentThread.leastFactory("compaction"));

  private final Pause pause = new Pause(Clock.SYSTEM);
  private final Arrivals arrivals;

  /**
   * @param arrivals connections of the application that belong to no database yet
   */
  SharedThreads(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  @Override
  public Pause pause() {
    return pause;
  }

  private static ThreadPoolExecutor threads(int count, ThreadFactory factory) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory);
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public AgentThreads capture() {
    return capture;
  }

  @Override
  public Executor uploads() {
    return uploads;
  }

  @Override
  public Executor listings() {
    return listings;
  }

  @Override
  public void compactAfter(long nanos, Runnable work) {
    capture.runAfter(nanos, () -> compact(work));
  }

  private void compact(Runnable work) {
    try {
      compactions.execute(work);
    } catch (RejectedExecutionException ended) {
      return; // what is not merged stays as it is
    }
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public boolean isAssigning() {
    return arrivals.isAny();
  }

  @Override
  public List<FileConnection> arriving() {
    return arrivals.all();
  }

  /**
   * Stops all threads.
   *
   * @param timeoutNanos how long to wait for running work to end
   * @return whether every thread has ended
   */
  boolean close(long timeoutNanos) throws InterruptedException {
    long end = System.nanoTime() + timeoutNanos;
    uploads.shutdownNow();
    listings.shutdownNow();
    compactions.shutdownNow();
    return capture.close(timeoutNanos)
        && uploads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
        && listings.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
        && compactions.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}

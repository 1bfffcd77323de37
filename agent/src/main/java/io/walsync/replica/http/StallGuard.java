package io.walsync.replica.http;

import io.walsync.io.AgentThread;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends writes that make no progress. A socket has a timeout for reads only: without this, a peer
 * that stops reading blocks a writer for as long as TCP keeps trying, some 15 minutes.
 *
 * <p>Threading: one daemon thread, which exists while something is watched and a little longer.
 */
final class StallGuard implements Closeable {

  /** A write in progress. */
  interface Watch {
    void progressed();

    boolean hasFired();

    void end();
  }

  static final Watch UNWATCHED =
      new Watch() {
        @Override
        public void progressed() {}

        @Override
        public boolean hasFired() {
          return false;
        }

        @Override
        public void end() {}
      };

  private static final long THREAD_IDLE_SECONDS = 10;

  private final int timeoutMillis;
  private final ScheduledThreadPoolExecutor timer;

  StallGuard(int timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    this.timer = new ScheduledThreadPoolExecutor(1, AgentThread.factory("http-guard"));
    timer.setKeepAliveTime(THREAD_IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  Watch watch(Socket socket) {
    return new SocketWatch(socket);
  }

  SocketTimeoutException stalled(IOException cause) {
    SocketTimeoutException timeout =
        new SocketTimeoutException("nothing could be sent for " + timeoutMillis + " ms");
    timeout.initCause(cause);
    return timeout;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private final class SocketWatch implements Watch, Runnable {
    private final Socket socket;
    private volatile long lastProgressNanos = System.nanoTime();
    private volatile boolean hasFired;
    private @Nullable ScheduledFuture<?> check;

    SocketWatch(Socket socket) {
      this.socket = socket;
      schedule(timeoutMillis);
    }

    private synchronized void schedule(long delayMillis) {
      if (!timer.isShutdown()) {
        check = timer.schedule(this, delayMillis, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void progressed() {
      lastProgressNanos = System.nanoTime();
    }

    @Override
    public boolean hasFired() {
      return hasFired;
    }

    @Override
    public synchronized void end() {
      if (check != null) {
        check.cancel(false);
      }
      check = null;
    }

    @Override
    public void run() {
      long quietMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastProgressNanos);
      if (quietMillis < timeoutMillis) {
        reschedule(timeoutMillis - quietMillis);
        return;
      }
      hasFired = true;
      try {
        socket.close();
      } catch (IOException e) {
        return; // the writer fails either way
      }
    }

    private synchronized void reschedule(long delayMillis) {
      boolean hasEnded = check == null;
      if (!hasEnded) {
        schedule(delayMillis);
      }
    }
  }
}

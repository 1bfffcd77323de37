package io.walsync.bench.lab;

import java.util.concurrent.TimeUnit;

/** Runs a short look at something at a steady pace, on a thread of its own, until closed. */
public final class Sampler implements AutoCloseable {

  private final Thread thread;
  private volatile boolean isStopped;
  private volatile RuntimeException failure;

  public Sampler(long stepMillis, Runnable look) {
    thread = new Thread(() -> run(stepMillis, look), "sampler");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(long stepMillis, Runnable look) {
    try {
      while (!isStopped) {
        look.run();
        TimeUnit.MILLISECONDS.sleep(stepMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Throws what ended the looking early, if anything did. */
  public void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Returns when the last look is over. */
  @Override
  public void close() {
    isStopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    check();
  }
}

package io.walsync.bench.app;

import java.util.concurrent.TimeUnit;

/** Waits for moments of {@link System#nanoTime}. */
public final class Pace {

  private Pace() {}

  /** Returns at once if the moment has passed. */
  public static void sleepUntil(long nanoTime) throws InterruptedException {
    long rest = nanoTime - System.nanoTime();
    if (rest > 0) {
      TimeUnit.NANOSECONDS.sleep(rest);
    }
  }
}

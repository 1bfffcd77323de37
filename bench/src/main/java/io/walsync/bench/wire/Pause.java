package io.walsync.bench.wire;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Waits on a connection's thread. */
final class Pause {

  private Pause() {}

  static void micros(long micros) throws InterruptedIOException {
    try {
      TimeUnit.MICROSECONDS.sleep(micros);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  static void millis(long millis) throws InterruptedIOException {
    micros(millis * 1_000);
  }
}

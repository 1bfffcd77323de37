package io.walsync.restore;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Threads of a restore are waited for, and what they threw is thrown on. */
final class Interruption {

  private Interruption() {}

  /**
   * @throws InterruptedIOException if the caller is interrupted; its flag is set again
   */
  static void join(Thread thread) throws InterruptedIOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("restore was interrupted");
    }
  }

  /** What a thread threw, so that the caller can throw it. */
  static IOException asIoException(String verb, Throwable thrown) {
    return thrown instanceof IOException
        ? (IOException) thrown
        : new RestoreException(verb + ": " + thrown, thrown);
  }
}

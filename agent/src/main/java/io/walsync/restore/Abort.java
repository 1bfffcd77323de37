package io.walsync.restore;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first failure of any thread, which ends all of them: threads that wait wake up, threads
 * that read find their stream closed.
 */
final class Abort {

  private final List<InputStream> streams = new ArrayList<InputStream>();
  private @Nullable Throwable failure;

  /** Ends the restore; only the first failure is kept. */
  void fail(Throwable thrown) {
    List<InputStream> open;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = thrown;
      open = new ArrayList<InputStream>(streams);
      notifyAll();
    }
    for (InputStream in : open) {
      try {
        in.close();
      } catch (IOException e) {
        continue;
      }
    }
  }

  /**
   * Runs threads that share this abort, and returns when all have ended, whatever happens.
   *
   * @param verb what the threads do, for the message if one fails unexpectedly
   * @throws IOException the first failure
   */
  void runAll(Thread[] threads, String verb) throws IOException {
    try {
      for (Thread thread : threads) {
        thread.start();
      }
    } catch (OutOfMemoryError e) {
      fail(e);
    }
    boolean isInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
          fail(new RestoreException(verb + ": interrupted", e));
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    throwFailure(verb);
  }

  private synchronized void throwFailure(String verb) throws IOException {
    if (failure instanceof IOException) {
      throw (IOException) failure;
    }
    if (failure != null) {
      throw new RestoreException(verb + ": " + failure, failure);
    }
  }

  /**
   * @throws RestoreException if the restore has failed
   */
  synchronized void check() throws RestoreException {
    if (failure != null) {
      throw new RestoreException("restore was given up", failure);
    }
  }

  /** Has the stream closed if the restore fails while it is read. */
  synchronized void watch(InputStream in) throws RestoreException {
    check();
    streams.add(in);
  }

  synchronized void unwatch(InputStream in) {
    streams.remove(in);
  }

  /** Waits, but no longer than until the restore fails. */
  synchronized void pause(long millis) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000;
    long rest = millis;
    while (rest > 0) {
      check();
      await(rest);
      rest = (end - System.nanoTime()) / 1_000_000;
    }
    check();
  }

  /**
   * Waits for a failure or a {@code notify}. The caller holds the monitor and checks its condition
   * again.
   */
  @SuppressWarnings("WaitNotInLoop") // callers have the loop
  void await(long millis) throws IOException {
    assert Thread.holdsLock(this);
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestoreException("restore was interrupted", e);
    }
  }
}

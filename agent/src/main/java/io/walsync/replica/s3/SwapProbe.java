package io.walsync.replica.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a store replaces an object on condition: with its tag, with a tag of before, and by
 * several requests at once, of which one may go through. Others may probe the same object
 * meanwhile.
 */
final class SwapProbe {

  /** Where it is tried. */
  interface Place {
    /** The object's tag at this moment. */
    String tag() throws IOException;

    /**
     * @return false if the store refuses, for whatever reason it has to
     */
    boolean swap(String tag, String text) throws IOException;
  }

  /** What it came to. */
  enum Result {
    ATOMIC,
    /** More than one of a moment went through, or none did each time. */
    RACING,
    /** The store has no such condition, or does not keep it. */
    UNKNOWN
  }

  private static final int RACERS = 4;

  /** As often as others may be in the way. */
  private static final int TRIES = 3;

  private final Place place;
  private final ExecutorService threads;

  /**
   * @param threads at least as many as race
   */
  SwapProbe(Place place, ExecutorService threads) {
    this.place = place;
    this.threads = threads;
  }

  Result run() throws IOException {
    String old = swapped();
    if (old == null || place.swap(old, "with a tag of before")) {
      return Result.UNKNOWN;
    }
    for (int i = 0; i < TRIES; i++) {
      int winners = race(place.tag());
      if (winners > 0) {
        return winners == 1 ? Result.ATOMIC : Result.RACING;
      }
    }
    return Result.RACING;
  }

  /** The tag of what was replaced; null if the store does not replace what has the right tag. */
  private @Nullable String swapped() throws IOException {
    String tag = place.tag();
    for (int i = 0; i < TRIES; i++) {
      if (place.swap(tag, "with its tag " + i)) {
        return tag;
      }
      String now = place.tag();
      if (now.equals(tag)) {
        return null;
      }
      tag = now;
    }
    return null;
  }

  private int race(String tag) throws IOException {
    List<Callable<Boolean>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      String text = "racer " + i;
      racers.add(() -> place.swap(tag, text));
    }
    int winners = 0;
    try {
      for (Future<Boolean> racer : threads.invokeAll(racers)) {
        winners += racer.get() ? 1 : 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (RejectedExecutionException | CancellationException e) {
      throw new IOException("closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        throw (IOException) e.getCause();
      }
      throw new IOException(e.getCause());
    }
    return winners;
  }
}

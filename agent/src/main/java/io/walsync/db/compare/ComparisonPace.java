package io.walsync.db.compare;

import io.walsync.io.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Keeps the comparisons of a whole database with its replica to a fifth of a core. Otherwise an
 * application that opens and closes connections without a pause on several threads, or that
 * checkpoints beside its own writers, would cause many comparisons a second.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class ComparisonPace {

  /** The pause after a comparison, as a multiple of its duration. */
  private static final int PAUSE_FACTOR = 4;

  /** Longest pause: this database is not replicated while it lasts. */
  private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BooleanSupplier isUrgent;
  private final Clock clock;
  private long startedNanos;
  private long notBeforeNanos;
  private boolean isFirst = true;
  private boolean isOwed;

  /**
   * @param isUrgent whether the process ends, so that a comparison cannot wait
   */
  public ComparisonPace(BooleanSupplier isUrgent, Clock clock) {
    this.isUrgent = isUrgent;
    this.clock = clock;
  }

  /**
   * Called before a comparison begins.
   *
   * @throws ComparisonPostponedException if it is too soon
   */
  void begin() throws ComparisonPostponedException {
    long nowNanos = clock.nanoTime();
    long waitNanos = isFirst ? 0 : notBeforeNanos - nowNanos;
    if (waitNanos > 0 && !isUrgent.getAsBoolean()) {
      isOwed = true;
      throw new ComparisonPostponedException(waitNanos);
    }
    startedNanos = nowNanos;
  }

  /** Called when it has ended, well or not. */
  void end() {
    long nowNanos = clock.nanoTime();
    long pauseNanos = Math.min(MAX_PAUSE_NANOS, PAUSE_FACTOR * (nowNanos - startedNanos));
    notBeforeNanos = nowNanos + pauseNanos;
    isFirst = false;
  }

  /** Called when it is known what the replica lacks, from a comparison or otherwise. */
  public void caughtUp() {
    isOwed = false;
  }

  /** Whether a comparison was postponed and is still needed. */
  public boolean isOwed() {
    return isOwed;
  }
}

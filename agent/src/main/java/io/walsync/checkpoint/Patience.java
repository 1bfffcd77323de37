package io.walsync.checkpoint;

/**
 * How long writers are held at the turnstile, learnt from those that a checkpoint overran, and when
 * holding them has been shown not to help.
 *
 * <p>A pass costs two fsyncs. On a disk that takes longer for them than a thread waits, threads
 * leave the turnstile before the pass is over and commit what it does not reach; without the agent,
 * SQLite's own checkpoint would have stalled them as long. So they wait longer the next time.
 * Commits that come although nobody has left are those of another process, which no turnstile holds
 * back.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Patience {

  /** SQLite's own autocheckpoint stalls a writer about as long on an ordinary disk. */
  static final long LEAST_NANOS = 50_000_000;

  /** An application survives that, and a pass that takes longer is hopeless beside writers. */
  static final long MOST_NANOS = 3_200_000_000L;

  /** Tries in a row that were overtaken by commits, before holding writers is given up. */
  private static final int MAX_OVERTAKEN = 5;

  private long waitNanos = LEAST_NANOS;
  private int overtakenCount;

  /** How long a thread waits at the turnstile, at most. */
  long waitNanos() {
    return waitNanos;
  }

  /** No pass begins later than this after the turnstile closed: threads would soon leave it. */
  long passNanos() {
    return waitNanos / 2;
  }

  /** A checkpoint did not reach the end of the WAL; {@code hasAnyoneLeft} before it was over. */
  void overtaken(boolean hasAnyoneLeft) {
    if (hasAnyoneLeft && waitNanos < MOST_NANOS) {
      waitNanos = Math.min(MOST_NANOS, waitNanos * 2);
    } else {
      overtakenCount++;
    }
  }

  /** A checkpoint has reached the end, or the WAL has restarted. */
  void reached() {
    overtakenCount = 0;
  }

  /** Whether holding writers at the turnstile has failed time after time. */
  boolean isOver() {
    return overtakenCount >= MAX_OVERTAKEN;
  }
}

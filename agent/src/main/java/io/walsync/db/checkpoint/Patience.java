package io.walsync.db.checkpoint;

/**
 * How long writers are held at the turnstile, learnt from those that a checkpoint overran, and when
 * holding them has been shown not to help.
 *
 * <p>A pass costs two fsyncs. On a disk that takes longer for them than a thread waits, threads
 * leave the turnstile before the pass is over and commit what it does not reach; without the agent,
 * SQLite's own checkpoint would have stalled them as long. And a transaction may take longer than
 * the passes go on: it commits behind them. So threads wait longer the next time.
 *
 * <p>Commits of another process, or of connections the agent does not see, are not held back
 * whatever the wait. Only they, or a disk that is slower than the longest wait, make holding
 * pointless.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Patience {

  /** SQLite's own autocheckpoint stalls a writer about as long on an ordinary disk. */
  static final long LEAST_NANOS = 50_000_000;

  /** An application survives that, and a pass that takes longer is hopeless beside writers. */
  static final long MOST_NANOS = 3_200_000_000L;

  /** Transactions that take longer than half of that are rare, and may end in one of the passes. */
  private static final long MOST_FOR_LONG_NANOS = 800_000_000;

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

  /**
   * Commits kept a checkpoint from the end of the WAL.
   *
   * @param isByOthers whether there were commits that nobody came to the turnstile after
   * @param hasAnyoneLeft whether a thread left it before the checkpoint was over
   */
  void overtaken(boolean isByOthers, boolean hasAnyoneLeft) {
    long most = hasAnyoneLeft ? MOST_NANOS : isByOthers ? 0 : MOST_FOR_LONG_NANOS;
    if (waitNanos < most) {
      waitNanos = Math.min(most, waitNanos * 2);
    } else if (isByOthers || hasAnyoneLeft) {
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

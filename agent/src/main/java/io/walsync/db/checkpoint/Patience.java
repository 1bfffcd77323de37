package io.walsync.db.checkpoint;

/**
 * Learns from checkpoints that were overtaken how long writers have to be held at the turnstile,
 * and when holding them does not help.
 *
 * <p>A pass costs two fsyncs. If the disk takes longer for them than a thread waits, threads leave
 * the turnstile before the pass is over, and their commits are not in it; without the agent,
 * SQLite's own checkpoint would have stalled them as long. A transaction may also last longer than
 * the passes and commit after them. In both cases threads wait longer the next time.
 *
 * <p>Commits of another process, or of connections the agent does not know, are not held back by
 * any wait. Only they, or a disk that is slower than the longest wait, make holding pointless.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Patience {

  /** SQLite's own autocheckpoint stalls a writer about as long on an ordinary disk. */
  static final long LEAST_NANOS = 50_000_000;

  /**
   * The longest wait that is imposed on an application. A pass that takes longer is hopeless beside
   * writers.
   */
  static final long MOST_NANOS = 3_200_000_000L;

  /**
   * The longest wait because of long transactions: one that lasts more than half of it is rare, and
   * may end within a pass.
   */
  private static final long MOST_FOR_LONG_NANOS = 800_000_000;

  /** Tries in a row that were overtaken by commits, before holding writers is given up. */
  private static final int MAX_OVERTAKEN = 5;

  private long waitNanos = LEAST_NANOS;
  private int overtakenCount;

  /** How long a thread waits at the turnstile, at most. */
  long waitNanos() {
    return waitNanos;
  }

  /**
   * Latest start of a pass after the turnstile closed, in nanoseconds: later, threads would leave
   * it too soon.
   */
  long passNanos() {
    return waitNanos / 2;
  }

  /**
   * Notes that commits kept a checkpoint from the end of the WAL.
   *
   * @param isByOthers whether there were commits after which no thread arrived at the turnstile
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

  /** Notes that a checkpoint has reached the end, or that the WAL has restarted. */
  void reached() {
    overtakenCount = 0;
  }

  /** Whether holding writers at the turnstile has failed time after time. */
  boolean isOver() {
    return overtakenCount >= MAX_OVERTAKEN;
  }
}

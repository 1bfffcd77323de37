package io.walsync.db.tail;

/**
 * The calls into SQLite of the one connection that can read and write a database. All numbers only
 * grow.
 */
public interface SoleCalls {

  /** Odd while a call is running; grows with each beginning and each end. */
  long clock();

  /** How many calls have returned that may have committed. */
  long endCount();

  /** How many calls have failed such that a commit may stand in the WAL that does not count. */
  long failureCount();

  /**
   * The {@link #clock} as the last checkpoint began, odd if what the same call committed before it
   * is not known; negative if there was none.
   */
  long checkpointAt();

  /** Frames that SQLite counted at the last checkpoint, if nothing followed; else negative. */
  long checkpointedFrameCount();
}

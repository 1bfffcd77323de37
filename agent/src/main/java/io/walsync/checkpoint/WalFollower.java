package io.walsync.checkpoint;

import java.io.IOException;

/**
 * Who reads the WAL that a pin protects.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public interface WalFollower {

  /** Finds every commit that has come since the last look. */
  void look() throws IOException;

  /** Looks, and copies every commit found up to now out of the WAL. */
  void copy() throws IOException;

  /** In how many looks so far there were new commits. */
  long foundCount();

  /** Frames of the WAL up to the last commit that was found. */
  long frameCount();
}

package io.walsync.db.checkpoint;

import io.walsync.wal.WalCount;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the WAL that a pin protects.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public interface WalFollower {

  /**
   * SQLite's count of what is committed.
   *
   * @return null if there is none yet
   */
  @Nullable WalCount count() throws IOException;

  /** Finds every commit that SQLite has counted since the last look. */
  void look() throws IOException;

  /** Looks, and copies every commit found up to now out of the WAL. */
  void copy() throws IOException;

  /** Frames of the WAL up to the last commit that was found. */
  long frameCount();

  /** Whether there may be a transaction in the WAL that is not counted yet. */
  boolean isWriteUnderWay() throws IOException;
}

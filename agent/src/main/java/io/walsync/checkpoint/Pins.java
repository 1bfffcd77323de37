package io.walsync.checkpoint;

import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Read transactions on two agent connections, handed over so that one always stands.
 *
 * <p>States of a pin: <em>firm</em>, its read mark is known not to be zero, so the WAL cannot
 * restart; or not firm, at most one restart may pass, and only once everything below was backfilled
 * when the pin was taken.
 *
 * <p>A new pin is firm if a commit came after the one before it: nobody backfills past a pin, so
 * there is a frame that is not backfilled. A commit is known to have come after a pin if it was
 * found by a look later than the one that follows each taking.
 *
 * <p>Invariant: between {@link #take()} and {@link #close()} there is no moment without a pin,
 * except in the last resort of a {@link Checkpointer}, where the write lock stands in.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Pins implements Closeable {

  /** How often a new pin is taken again because a commit came at that moment. */
  private static final int MAX_TAKEN_AGAIN = 3;

  private final HostDriver driver;
  private final File database;
  private HostConnection holder;
  private HostConnection spare;
  private boolean isFirm;

  /** What the follower had found when it last looked under the pin that stands. */
  private long foundCount;

  /** The read mark of the pin that stands, in frames, or more than that where it is not known. */
  private long markBound;

  /** SQLite has counted commits behind the read mark. */
  private boolean isOvertaken;

  public Pins(HostDriver driver, File database) {
    this.driver = driver;
    this.database = database;
  }

  /**
   * Takes the first pin.
   *
   * @throws SQLException BUSY while somebody holds the database exclusively
   */
  public void take() throws SQLException {
    HostConnection connection = spare();
    connection.beginRead();
    holder = connection;
    spare = null;
    isFirm = false;
  }

  public boolean isHeld() {
    return holder != null;
  }

  /** Whether the WAL certainly cannot restart. */
  public boolean isFirm() {
    return isFirm;
  }

  /**
   * The follower has taken in, by whatever means, all that was committed before the pin that stands
   * now.
   */
  public void caughtUp(WalFollower follower) {
    foundCount = follower.foundCount();
    markBound = Long.MAX_VALUE;
    isOvertaken = false;
  }

  /** Whether commits have come after the pin that stands now. */
  boolean hasNewCommits(WalFollower follower) {
    return isOvertaken || follower.foundCount() != foundCount;
  }

  /**
   * Takes a new pin beside the old one and lets the old one go. The new one is firm.
   *
   * @throws IllegalStateException if no commit is known to have come after the present pin
   */
  public void advance(WalFollower follower) throws IOException, SQLException {
    if (!hasNewCommits(follower)) {
      throw new IllegalStateException("without a commit since, a new pin may not be firm");
    }
    for (int again = MAX_TAKEN_AGAIN; ; again--) {
      long seen = follower.frameCount();
      spare().beginRead();
      try {
        follower.look();
      } catch (IOException | RuntimeException | Error e) {
        spare.rollback();
        throw e;
      }
      if (follower.frameCount() == seen || again == 0) {
        break;
      }
      // It may have been taken before what was found now: the last commit should be below it.
      spare.rollback();
    }
    caughtUp(follower);
    dropHolder();
    isFirm = true;
  }

  /**
   * Takes a new pin after a complete checkpoint, copies what the old pin still protects, then lets
   * the old one go: the next writer may restart the WAL.
   *
   * @param complete what that checkpoint returned
   * @return false if commits came in between, which the checkpoint has left in the WAL; the pin is
   *     still the old one then
   * @throws IOException if SQLite has backfilled commits that the follower does not find
   */
  boolean advanceAllowingRestart(WalFollower follower, CheckpointResult complete)
      throws IOException, SQLException {
    spare().beginRead();
    boolean isOvertaken = true;
    try {
      follower.copy();
      isOvertaken = follower.frameCount() != complete.logFrameCount();
    } finally {
      if (isOvertaken) {
        spare.rollback();
      }
    }
    if (isOvertaken && follower.frameCount() < complete.logFrameCount()) {
      throw new IOException(
          "SQLite has checkpointed "
              + complete.logFrameCount()
              + " frames of the WAL, of which only "
              + follower.frameCount()
              + " could be read");
    }
    if (!isOvertaken) {
      dropHolder();
      caughtUp(follower);
      isFirm = false;
    }
    return !isOvertaken;
  }

  private void dropHolder() throws SQLException {
    HostConnection dropped = holder;
    holder = spare;
    spare = dropped;
    dropped.rollback();
  }

  /**
   * Checkpoints beside the pin. Nobody can reset the WAL meanwhile, in any process: before SQLite
   * 3.51.3 a checkpoint that ran during a reset could lose commits.
   *
   * @throws IllegalStateException if the pin is not firm
   */
  CheckpointResult checkpointUnderPin() throws SQLException {
    if (!isFirm) {
      throw new IllegalStateException("a checkpoint needs a firm pin or the write lock");
    }
    CheckpointResult result = spare().checkpointPassive();
    isOvertaken |= result.logFrameCount() > markBound;
    if (result.isComplete()) {
      // Nobody backfills past a pin.
      markBound = Math.min(markBound, result.logFrameCount());
    }
    return result;
  }

  /** The connection without a pin, opened when first needed. */
  HostConnection spare() throws SQLException {
    if (spare == null) {
      spare = driver.open(database);
    }
    return spare;
  }

  /** Closes the connection without a pin, which costs some 150 KB, until it is needed again. */
  public void closeSpare() {
    if (spare != null) {
      HostConnection closing = spare;
      spare = null;
      closing.close();
    }
  }

  /**
   * Lets the pin go, checkpoints and takes the pin anew, while the spare connection holds the write
   * lock and everything is copied.
   */
  CheckpointResult swapUnderWriteLock(WalFollower follower) throws SQLException {
    holder.rollback();
    try {
      return holder.checkpointPassive();
    } finally {
      holder.beginRead();
      caughtUp(follower);
      isFirm = false;
    }
  }

  /** Releases the pin and closes both connections. */
  @Override
  public void close() {
    HostConnection[] closing = {holder, spare};
    holder = null;
    spare = null;
    isFirm = false;
    for (HostConnection connection : closing) {
      if (connection != null) {
        connection.close();
      }
    }
  }
}

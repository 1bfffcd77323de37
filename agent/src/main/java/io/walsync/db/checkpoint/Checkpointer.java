package io.walsync.db.checkpoint;

import io.walsync.io.Clock;
import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostConnection;
import io.walsync.wal.WalCount;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Moves the WAL's content into the database file and gets the WAL to restart, without ever letting
 * a frame be overwritten that has not been copied.
 *
 * <p>One PASSIVE pass under a firm pin, then a new pin that lands on mark 0, and the next writer
 * restarts the WAL. Beside writers that never pause, a commit always comes between the two.
 * Therefore the turnstile is closed meanwhile: a thread that has committed waits there, without a
 * lock; a thread that has not may commit once more, and the pass is made again. Nobody meets a lock
 * of the agent.
 *
 * <p>The last resort, beside writers that no turnstile holds back, such as another process: take
 * the write lock, copy the last commits, release the pin, checkpoint, take the pin anew at mark 0,
 * release the lock. A writer may find the database busy then, as beside any other writer. Without
 * it the WAL would grow for ever.
 *
 * <p>Both checkpoint only while no restart can happen (a firm pin, or the write lock), which also
 * keeps clear of SQLite's WAL-reset bug before 3.51.3.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Checkpointer {

  /** The outcome of a checkpoint. */
  public enum Outcome {
    /** All commits are in the database file; the next writer may restart the WAL. */
    COMPLETE,
    /** Commits came in between; worth trying again soon. */
    OVERTAKEN,
    /** Readers kept some frames in the WAL; worth trying again later. */
    PARTIAL
  }

  /** Below this no checkpoint is worth its fsyncs; SQLite's own default is 1,000 pages. */
  static final long MIN_WAL_BYTES = 4L << 20;

  /** Above this a checkpoint is due however fast the writers are. */
  static final long MAX_WAL_BYTES = 96L << 20;

  /** A checkpoint is due after about this much writing. */
  private static final double WRITING_SECONDS = 0.5;

  /**
   * A WAL up to this size is checkpointed at once, behind the closed turnstile: passes before that
   * compete with the commits' fsyncs.
   */
  private static final long SINGLE_PASS_BYTES = 16L << 20;

  /**
   * Passes end once one takes less than this: the one behind the closed turnstile will be as short.
   */
  private static final long SHORT_PASS_NANOS = 5_000_000;

  /** Most passes before the turnstile closes. */
  private static final int MAX_PASSES = 4;

  /** Writing faster than this leaves no pause in which a restart could happen by itself. */
  private static final double FAST_BYTES_PER_SECOND = 8 << 20;

  /** For a smaller WAL the last resort is not used. */
  private static final long LAST_RESORT_BYTES = 2 * MAX_WAL_BYTES;

  /** How long the write lock is tried for. */
  private static final long LOCK_TRY_NANOS = 20_000_000;

  private static final long LOCK_PAUSE_NANOS = 20_000;

  /** Pause after commits came in between. */
  private static final long OVERTAKEN_NANOS = 50_000_000;

  /** Most looks at whether the writers have arrived at the turnstile, {@link #LOOK_NANOS} apart. */
  private static final int MAX_LOOKS = 20;

  private static final long LOOK_NANOS = 150_000;

  /** Pause after readers kept frames in the WAL. It doubles up to the cap. */
  private static final long RETRY_FLOOR_NANOS = 100_000_000;

  private static final long RETRY_CAP_NANOS = 5_000_000_000L;

  private final Pins pins;
  private final Turnstile turnstile;
  private final WalFollower follower;
  private final Clock clock;
  private final Patience patience = new Patience();
  private long notBeforeNanos;
  private long retryNanos = RETRY_FLOOR_NANOS;
  private int quietAttemptCount;
  private boolean isWaitingForRestart;
  private boolean hasRun;
  private String way = "not tried";

  public Checkpointer(Pins pins, Turnstile turnstile, WalFollower follower, Clock clock) {
    this.pins = pins;
    this.turnstile = turnstile;
    this.follower = follower;
    this.clock = clock;
    this.notBeforeNanos = clock.nanoTime();
  }

  /**
   * @param runBytes bytes of frames in the WAL since it last restarted
   * @param bytesPerSecond how fast the WAL has been growing
   */
  public boolean isDue(long runBytes, double bytesPerSecond, long nowNanos) {
    if (isWaitingForRestart || !pins.isFirm() || nowNanos - notBeforeNanos < 0) {
      return false;
    }
    return isLong(runBytes, bytesPerSecond);
  }

  /** Whether a WAL of this size and growth is worth a checkpoint. */
  public static boolean isLong(long runBytes, double bytesPerSecond) {
    long halfSecond = (long) (bytesPerSecond * WRITING_SECONDS);
    return runBytes >= Math.min(MAX_WAL_BYTES, Math.max(MIN_WAL_BYTES, halfSecond));
  }

  /** New commits were seen, in the same run of the WAL or the next. */
  public void committed() {
    isWaitingForRestart = false;
  }

  /** The WAL has restarted. */
  public void restarted() {
    isWaitingForRestart = false;
    quietAttemptCount = 0;
    patience.reached();
    retryNanos = RETRY_FLOOR_NANOS;
  }

  /** Whether this database is written so much that a checkpoint was ever due. */
  public boolean hasRun() {
    return hasRun;
  }

  /** Tries once, in the way that fits the writers' speed. */
  public Outcome run(long runBytes, double bytesPerSecond) throws IOException, SQLException {
    hasRun = true;
    boolean isFast = bytesPerSecond > FAST_BYTES_PER_SECOND || quietAttemptCount >= 2;
    Outcome outcome = isFast ? runBesideWriters(runBytes) : runQuietly();
    if (outcome == Outcome.COMPLETE) {
      isWaitingForRestart = true;
      quietAttemptCount = isFast ? 0 : quietAttemptCount + 1;
    } else if (outcome == Outcome.OVERTAKEN) {
      quietAttemptCount++;
      notBeforeNanos = clock.nanoTime() + OVERTAKEN_NANOS;
    } else {
      quietAttemptCount++;
      notBeforeNanos = clock.nanoTime() + retryNanos;
      retryNanos = Math.min(RETRY_CAP_NANOS, retryNanos * 2);
    }
    return outcome;
  }

  /** How the last checkpoint was tried, in words. */
  public String way() {
    return way;
  }

  private Outcome runQuietly() throws IOException, SQLException {
    way = "in one pass, with writers going on";
    CheckpointResult result = pass();
    if (result == null) {
      return Outcome.COMPLETE;
    }
    if (!result.isComplete()) {
      return Outcome.PARTIAL;
    }
    return pins.advanceAllowingRestart(follower, result) ? Outcome.COMPLETE : Outcome.OVERTAKEN;
  }

  /**
   * Moves the pin to the tip and backfills up to it.
   *
   * @return null if somebody else has backfilled everything, and the next writer may restart the
   *     WAL
   */
  private @Nullable CheckpointResult pass() throws IOException, SQLException {
    pins.keepUp(follower);
    return pins.isFirm() ? pins.checkpointUnderPin() : null;
  }

  private Outcome runBesideWriters(long runBytes) throws IOException, SQLException {
    if (patience.isOver() && runBytes >= LAST_RESORT_BYTES) {
      return runUnderWriteLock();
    }
    way = "in passes, the last with writers held back for a moment";
    if (runBytes > SINGLE_PASS_BYTES) {
      for (int i = 0; i < MAX_PASSES; i++) {
        follower.copy();
        long start = clock.nanoTime();
        pass();
        if (clock.nanoTime() - start < SHORT_PASS_NANOS) {
          break;
        }
      }
    }
    follower.copy();
    turnstile.close(patience.waitNanos());
    boolean isByOthers = false;
    boolean hasAnyoneLeft;
    Outcome outcome;
    try {
      WalCount closed = follower.count();
      outcome = runBehindTurnstile();
      isByOthers = outcome == Outcome.OVERTAKEN && isOvertakenByOthers(closed);
    } finally {
      hasAnyoneLeft = turnstile.open();
    }
    if (outcome == Outcome.COMPLETE) {
      patience.reached();
    } else if (outcome == Outcome.OVERTAKEN) {
      patience.overtaken(isByOthers, hasAnyoneLeft);
    }
    return outcome;
  }

  /**
   * Whether there were more commits than arrivals at the turnstile. Each thread that it can hold
   * back arrives after its commit, so the other commits are of others.
   */
  private boolean isOvertakenByOthers(@Nullable WalCount closed) throws IOException {
    WalCount now = follower.count();
    return closed != null
        && now != null
        && now.changeCount() - closed.changeCount() > turnstile.arrivalCount();
  }

  private Outcome runBehindTurnstile() throws IOException, SQLException {
    long closedNanos = clock.nanoTime();
    do {
      awaitRest();
      CheckpointResult result = pass();
      if (result == null) {
        return Outcome.COMPLETE;
      }
      // Readers of others keep even frames below the agent's pin from being backfilled.
      if (!result.isComplete() && result.checkpointedFrameCount() < pins.markedFrameCount()) {
        return Outcome.PARTIAL;
      }
      if (result.isComplete() && pins.advanceAllowingRestart(follower, result)) {
        return Outcome.COMPLETE;
      }
    } while (clock.nanoTime() - closedNanos < patience.passNanos());
    return Outcome.OVERTAKEN;
  }

  /**
   * Waits until the writers that were under way when the turnstile closed have arrived: a pin taken
   * before their last commit would keep the checkpoint from the end. A commit is in the file before
   * SQLite counts it, earlier by the time of an fsync.
   */
  private void awaitRest() throws IOException {
    long restedAt = -1;
    for (int look = 0; look < MAX_LOOKS; look++) {
      follower.look();
      long found = follower.frameCount();
      boolean isResting = !follower.isWriteUnderWay();
      if (isResting && found == restedAt) {
        return;
      }
      restedAt = isResting ? found : -1;
      clock.pause(LOOK_NANOS);
    }
  }

  private Outcome runUnderWriteLock() throws IOException, SQLException {
    way = "under the write lock, as the last resort";
    follower.copy();
    HostConnection writer = pins.spare();
    if (!tryWriteLock(writer)) {
      return Outcome.PARTIAL;
    }
    try {
      follower.copy();
      CheckpointResult result = pins.swapUnderWriteLock(follower);
      patience.reached();
      return result.isComplete() ? Outcome.COMPLETE : Outcome.PARTIAL;
    } finally {
      writer.rollback();
    }
  }

  private boolean tryWriteLock(HostConnection writer) throws SQLException {
    long deadline = clock.nanoTime() + LOCK_TRY_NANOS;
    while (!writer.tryBeginImmediate()) {
      if (clock.nanoTime() - deadline > 0) {
        return false;
      }
      clock.pause(LOCK_PAUSE_NANOS);
    }
    return true;
  }
}

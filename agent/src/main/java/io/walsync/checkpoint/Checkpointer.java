package io.walsync.checkpoint;

import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostConnection;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves the WAL's content into the database file and gets the WAL to restart, without ever letting
 * a frame be overwritten that has not been copied.
 *
 * <p>Two ways. Beside a writer that pauses: one PASSIVE pass under a firm pin, then a new pin that
 * lands on mark 0, and the next writer restarts the WAL. Beside a writer that never pauses: close
 * the turnstile, take the write lock, copy the tail, let the pin go, checkpoint, take the pin anew
 * at mark 0, release the lock.
 *
 * <p>Both checkpoint only while no restart can happen (a firm pin, or the write lock), which also
 * keeps clear of SQLite's WAL-reset bug before 3.51.3.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Checkpointer {

  /** Copies every commit up to now out of the WAL. */
  public interface Copier {
    void copy() throws Exception;
  }

  /** What came of it. */
  public enum Outcome {
    /** Everything is in the database file; the next writer may restart the WAL. */
    COMPLETE,
    /** Writers or readers kept some frames in the WAL; worth trying again later. */
    PARTIAL,
    /** The write lock could not be had. */
    BUSY
  }

  /** Below this no checkpoint is worth its fsyncs; SQLite's own default is 1,000 pages. */
  static final long MIN_WAL_BYTES = 4L << 20;

  /** Above this a checkpoint is due however fast the writers are. */
  static final long MAX_WAL_BYTES = 96L << 20;

  /** A checkpoint is due after about this much writing. */
  private static final double WRITING_SECONDS = 0.5;

  /**
   * A WAL up to this size is checkpointed inside the hold at once: passes outside compete with the
   * commits' fsyncs.
   */
  private static final long SINGLE_PASS_BYTES = 16L << 20;

  /** The hold itself should backfill no more than this. */
  private static final long HOLD_BYTES = 1L << 20;

  private static final int MAX_PASSES = 4;

  /** Writing faster than this leaves no pause in which a restart could happen by itself. */
  private static final double FAST_BYTES_PER_SECOND = 8 << 20;

  /** How long the write lock is tried for; committing threads wait at the turnstile meanwhile. */
  private static final long LOCK_TRY_NANOS = 20_000_000;

  private static final long LOCK_PAUSE_NANOS = 20_000;

  /** After readers stood in the way the next try waits, doubling up to the cap. */
  private static final long RETRY_FLOOR_NANOS = 100_000_000;

  private static final long RETRY_CAP_NANOS = 5_000_000_000L;

  private final Pins pins;
  private final Turnstile turnstile;
  private final int frameBytes;
  private final Copier copier;
  private long notBeforeNanos;
  private long retryNanos = RETRY_FLOOR_NANOS;
  private int quietAttemptCount;
  private boolean isWaitingForRestart;
  private boolean hasRun;

  /**
   * @param frameBytes size of a WAL frame
   */
  public Checkpointer(Pins pins, Turnstile turnstile, int frameBytes, Copier copier) {
    this.pins = pins;
    this.turnstile = turnstile;
    this.frameBytes = frameBytes;
    this.copier = copier;
    this.notBeforeNanos = System.nanoTime();
  }

  /**
   * @param runBytes bytes of frames in the WAL since it last restarted
   * @param bytesPerSecond at which the WAL has been growing
   */
  public boolean isDue(long runBytes, double bytesPerSecond, long nowNanos) {
    if (isWaitingForRestart || nowNanos - notBeforeNanos < 0) {
      return false;
    }
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
    retryNanos = RETRY_FLOOR_NANOS;
  }

  /** Whether this database is written so much that a checkpoint was ever due. */
  public boolean hasRun() {
    return hasRun;
  }

  /** Tries once, in the way that fits the writers' speed. */
  public Outcome run(long runBytes, double bytesPerSecond) throws Exception {
    hasRun = true;
    boolean isFast = bytesPerSecond > FAST_BYTES_PER_SECOND || quietAttemptCount >= 2;
    Outcome outcome = isFast ? runWithTurnstile(runBytes) : runQuietly();
    if (outcome == Outcome.COMPLETE) {
      isWaitingForRestart = true;
      quietAttemptCount = isFast ? 0 : quietAttemptCount + 1;
    } else {
      quietAttemptCount++;
      notBeforeNanos = System.nanoTime() + retryNanos;
      retryNanos = Math.min(RETRY_CAP_NANOS, retryNanos * 2);
    }
    return outcome;
  }

  private Outcome runQuietly() throws Exception {
    if (!pass().isComplete()) {
      return Outcome.PARTIAL;
    }
    pins.advanceAllowingRestart(copier);
    return Outcome.COMPLETE;
  }

  /** Moves the pin to the tip and backfills up to it. The pin must be firm. */
  private CheckpointResult pass() throws Exception {
    pins.advance(true);
    return pins.checkpointUnderPin();
  }

  private Outcome runWithTurnstile(long runBytes) throws Exception {
    if (runBytes > SINGLE_PASS_BYTES) {
      for (int i = 0; i < MAX_PASSES; i++) {
        if (pass().remainingFrameCount() * frameBytes <= HOLD_BYTES) {
          break;
        }
      }
    }
    copier.copy();
    turnstile.close();
    try {
      return hold();
    } finally {
      turnstile.open();
    }
  }

  private Outcome hold() throws Exception {
    HostConnection writer = pins.spare();
    if (!tryWriteLock(writer)) {
      return Outcome.BUSY;
    }
    try {
      copier.copy();
      HostConnection reader = pins.holder();
      reader.rollback();
      CheckpointResult result;
      try {
        result = reader.checkpointPassive();
      } finally {
        reader.beginRead();
        pins.swappedUnderWriteLock();
      }
      return result.isComplete() ? Outcome.COMPLETE : Outcome.PARTIAL;
    } finally {
      writer.rollback();
    }
  }

  private static boolean tryWriteLock(HostConnection writer) throws Exception {
    long deadline = System.nanoTime() + LOCK_TRY_NANOS;
    while (!writer.tryBeginImmediate()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(LOCK_PAUSE_NANOS);
    }
    return true;
  }
}

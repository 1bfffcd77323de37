package io.walsync.db;

import io.walsync.db.settings.Pause;
import io.walsync.db.upload.Replicator;

/**
 * When the next upload may start: after the sync interval as a rule, at once if somebody waits for
 * it, and not during a pause unless the process ends.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class UploadTime {

  private final Drain drain;
  private final Haste haste;
  private final Pause pause;
  private final Replicator replicator;

  UploadTime(Drain drain, Haste haste, Pause pause, Replicator replicator) {
    this.drain = drain;
    this.haste = haste;
    this.pause = pause;
    this.replicator = replicator;
  }

  /** Nanoseconds until it may start; 0 or less for now. Meaningless while one is under way. */
  long waitNanos(long nowNanos) {
    boolean isDraining = drain.isWanted();
    long wait = replicator.waitNanos(nowNanos, isDraining || haste.isWanted());
    return isDraining ? wait : Math.max(wait, pause.leftNanos());
  }

  /** Whether it could start at this moment. */
  boolean isNow(long nowNanos) {
    return !replicator.isBusy() && waitNanos(nowNanos) <= 0;
  }
}

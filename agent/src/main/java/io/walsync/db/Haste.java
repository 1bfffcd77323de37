package io.walsync.db;

/**
 * Somebody waits until what is committed by now is in the store. Uploads do not wait for the sync
 * interval until then.
 *
 * <p>A writer that never pauses always has something that waits. So the first turn that began after
 * the request and has looked at the database says which TXID has to be reached.
 *
 * <p>Threading: safe; whoever asks asks on any thread, the duty cycle answers.
 */
final class Haste {

  private static final long UNKNOWN = -1;

  private volatile boolean isWanted;

  /** While the running turn began before the request, and may have missed commits. */
  private boolean isTurnLate;

  private long targetTxid = UNKNOWN;

  synchronized void begin() {
    isTurnLate = true;
    targetTxid = UNKNOWN;
    isWanted = true;
  }

  /** A turn of the duty cycle begins. */
  synchronized void turnBegins() {
    isTurnLate = false;
  }

  /** Whether what was asked for is not done yet. */
  boolean isWanted() {
    return isWanted;
  }

  /**
   * Takes the result of a turn.
   *
   * @param isEverythingUploaded whether nothing at all waits
   * @param hasLooked whether the turn has seen every commit before it
   * @param lastTxid the one with which everything that the turn has seen is in a sealed file
   */
  synchronized void found(
      boolean isEverythingUploaded, boolean hasLooked, long lastTxid, long uploadedTxid) {
    if (!isWanted || isTurnLate) {
      return;
    }
    if (hasLooked && targetTxid == UNKNOWN) {
      targetTxid = lastTxid;
    }
    if (isEverythingUploaded || targetTxid != UNKNOWN && uploadedTxid >= targetTxid) {
      isWanted = false;
    }
  }
}

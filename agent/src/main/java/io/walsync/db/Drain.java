package io.walsync.db;

import io.walsync.db.local.LocalState;
import java.io.IOException;

/**
 * What the end of the process asks of a database: upload without waiting for the sync interval,
 * then make the local state durable.
 *
 * <p>Threading: safe; the shutdown asks, the duty cycle answers.
 */
final class Drain {

  private volatile boolean isWanted;
  private volatile boolean isDone;
  private volatile boolean isHopeless;
  private volatile boolean isSaveWanted;

  /** A turn that has begun before it was asked for knows nothing of what was committed since. */
  private boolean isTurnLate;

  /** From now on uploads do not wait for the sync interval. */
  synchronized void begin() {
    isDone = false;
    isHopeless = false;
    isWanted = true;
    isTurnLate = true;
  }

  /** A turn of the duty cycle begins. */
  synchronized void turnBegins() {
    isTurnLate = false;
  }

  boolean isWanted() {
    return isWanted;
  }

  /** The duty cycle's finding at the end of a turn. */
  synchronized void found(boolean isEverythingUploaded, boolean isBeyondHope) {
    boolean isMeant = isWanted && !isTurnLate;
    isDone = isMeant && isEverythingUploaded;
    isHopeless = isMeant && isBeyondHope;
  }

  /** Whether what is missing in the store would not get there however long one waits. */
  boolean isHopeless() {
    return isHopeless;
  }

  /** Whether everything committed was in the store at the end of the last turn. */
  boolean isDone() {
    return isDone;
  }

  void requestSave() {
    isSaveWanted = true;
  }

  /** Makes the local state durable if that was asked for; once, whatever comes of it. */
  void saveIfWanted(LocalState local) throws IOException {
    if (isSaveWanted) {
      try {
        local.saveDurably();
      } finally {
        isSaveWanted = false;
      }
    }
  }

  boolean isSaveWanted() {
    return isSaveWanted;
  }
}

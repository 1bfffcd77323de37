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

  /**
   * True while the running turn began before {@link #begin}: its result may miss later commits and
   * does not count.
   */
  private boolean isTurnLate;

  private boolean isTryWanted;

  /** From now on uploads do not wait for the sync interval. */
  synchronized void begin() {
    isDone = false;
    isHopeless = false;
    isWanted = true;
    isTurnLate = true;
    isTryWanted = true;
  }

  /** A turn of the duty cycle begins. */
  synchronized void turnBegins() {
    isTurnLate = false;
  }

  boolean isWanted() {
    return isWanted;
  }

  /**
   * Whether what is suspended is to be tried in this turn whenever it is due: its obstacle may be
   * gone since the last try. True once after each {@link #begin}.
   */
  synchronized boolean takeTry() {
    boolean isNow = isTryWanted && !isTurnLate;
    isTryWanted &= !isNow;
    return isNow;
  }

  /** Takes the result of a turn. */
  synchronized void found(boolean isEverythingUploaded, boolean isBeyondHope) {
    boolean isMeant = isWanted && !isTurnLate;
    isDone = isMeant && isEverythingUploaded;
    isHopeless = isMeant && isBeyondHope;
  }

  /** Whether waiting would not bring the rest into the store, however long it takes. */
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

  /** Makes the local state durable if that was asked for. It is tried once, even if it fails. */
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

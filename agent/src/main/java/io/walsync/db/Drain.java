package io.walsync.db;

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

  /** From now on uploads do not wait for the sync interval. */
  void begin() {
    isDone = false;
    isHopeless = false;
    isWanted = true;
  }

  boolean isWanted() {
    return isWanted;
  }

  /** The duty cycle's finding at the end of a turn. */
  void found(boolean isEverythingUploaded, boolean isBeyondHope) {
    isDone = isWanted && isEverythingUploaded;
    isHopeless = isWanted && isBeyondHope;
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

package io.walsync.db.events;

import java.util.function.LongSupplier;

/**
 * Knows since when the oldest commit that is not in the store has been waiting, to the accuracy of
 * one turn.
 *
 * <p>Threading: one thread at a time, the database's, except where it says otherwise.
 */
public final class Unstored {

  private static final long NONE = 0;

  private final LongSupplier clock;
  private volatile long sealedSinceMillis = NONE;
  private volatile long unsealedSinceMillis = NONE;

  /**
   * @param clock milliseconds since the epoch
   */
  public Unstored(LongSupplier clock) {
    this.clock = clock;
  }

  /** Notes that commits since then may have been missed. */
  public void isUnknownSince(long millis) {
    if (unsealedSinceMillis == NONE) {
      unsealedSinceMillis = millis;
    }
  }

  /**
   * Notes what an earlier process has left waiting.
   *
   * @param sealedMillis when the oldest sealed file was written; {@code Long.MAX_VALUE} if there is
   *     none
   * @param unsealedMillis likewise for the oldest commit that is in no sealed file
   */
  public void isFound(long sealedMillis, long unsealedMillis) {
    sealedSinceMillis = earlier(sealedSinceMillis, sealedMillis);
    unsealedSinceMillis = earlier(unsealedSinceMillis, unsealedMillis);
  }

  private long earlier(long knownMillis, long foundMillis) {
    if (foundMillis == Long.MAX_VALUE) {
      return knownMillis;
    }
    // A time in the future comes from a wrong clock.
    return Math.min(foundMillis, knownMillis == NONE ? clock.getAsLong() : knownMillis);
  }

  /**
   * Notes at the end of a turn what waits.
   *
   * @param isUnsealed whether commits wait that are in no sealed file
   * @param isSealed whether a sealed file waits for the store
   */
  public void look(boolean isUnsealed, boolean isSealed) {
    long nowMillis = clock.getAsLong();
    if (!isSealed) {
      sealedSinceMillis = NONE;
    } else if (sealedSinceMillis == NONE) {
      sealedSinceMillis = unsealedSinceMillis == NONE ? nowMillis : unsealedSinceMillis;
      unsealedSinceMillis = NONE;
    }
    if (!isUnsealed) {
      unsealedSinceMillis = NONE;
    } else if (unsealedSinceMillis == NONE) {
      unsealedSinceMillis = nowMillis;
    }
  }

  /** Milliseconds since the epoch; 0 if everything is in the store. From any thread. */
  public long knownSinceMillis() {
    long sealed = sealedSinceMillis;
    return sealed == NONE ? unsealedSinceMillis : sealed;
  }

  /** Milliseconds since the epoch; now if everything is in the store. */
  public long sinceMillis() {
    if (sealedSinceMillis != NONE) {
      return sealedSinceMillis;
    }
    return unsealedSinceMillis == NONE ? clock.getAsLong() : unsealedSinceMillis;
  }
}

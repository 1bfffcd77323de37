package io.walsync.db.history;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When the states of one replica were committed, as far as this process knows: of what it has
 * stored, and of what it has read. Of each 16 bytes are kept, and all databases of the process
 * together keep no more than a 64th of the heap; what does not fit is not known.
 *
 * <p>Threading: safe.
 */
final class CommitTimes {

  /** Nothing is known of that state. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final int BYTES = 16;
  private static final int HEAP_PART = 64;
  private static final long MOST = Runtime.getRuntime().maxMemory() / HEAP_PART / BYTES;
  private static final int FIRST_ROOM = 64;
  private static final AtomicLong COUNT = new AtomicLong();

  private long[] txids = new long[0];
  private long[] millis = new long[0];
  private int count;

  /** The first time that a state is told of counts. */
  synchronized void note(long txid, long committedMillis) {
    int index = Arrays.binarySearch(txids, 0, count, txid);
    if (index >= 0 || !takes()) {
      return;
    }
    if (count == txids.length) {
      int room = Math.max(FIRST_ROOM, count + count / 2);
      txids = Arrays.copyOf(txids, room);
      millis = Arrays.copyOf(millis, room);
    }
    int at = -index - 1;
    System.arraycopy(txids, at, txids, at + 1, count - at);
    System.arraycopy(millis, at, millis, at + 1, count - at);
    txids[at] = txid;
    millis[at] = committedMillis;
    count++;
  }

  private static boolean takes() {
    if (COUNT.incrementAndGet() <= MOST) {
      return true;
    }
    COUNT.decrementAndGet();
    return false;
  }

  /** Milliseconds since the epoch, or {@link #UNKNOWN}. */
  synchronized long of(long txid) {
    int index = Arrays.binarySearch(txids, 0, count, txid);
    return index < 0 ? UNKNOWN : millis[index];
  }

  /**
   * Forgets the states with which no file ends any more.
   *
   * @param ends TXIDs, ascending
   * @param newest of the listing that has found them: what came later is not looked at
   */
  synchronized void retain(long[] ends, long newest) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (txids[i] > newest || Arrays.binarySearch(ends, txids[i]) >= 0) {
        txids[kept] = txids[i];
        millis[kept++] = millis[i];
      }
    }
    COUNT.addAndGet(kept - count);
    count = kept;
    if (count < txids.length / 4) {
      txids = Arrays.copyOf(txids, count);
      millis = Arrays.copyOf(millis, count);
    }
  }

  /** Nobody will ask any more. */
  synchronized void clear() {
    retain(new long[0], Long.MAX_VALUE);
  }

  synchronized int count() {
    return count;
  }
}

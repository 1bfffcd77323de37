package io.walsync.db.lineage;

/**
 * For each checksum, the newest TXID at which a database had it. A hash table of primitives with
 * open addressing, 16 bytes a slot, bounded.
 */
final class TxidsByChecksum {

  /** Most entries (128 MB of slots); beyond it the older half is dropped. */
  private static final int MAX_MEMBERS = 4 << 20;

  private long[] checksums = new long[1024];
  private long[] txids = new long[1024];
  private int size;

  /**
   * Notes a state. States must come in the order of TXIDs.
   *
   * @param checksum nothing is noted if it is 0
   */
  void put(long checksum, long txid) {
    if (checksum == 0) {
      return;
    }
    if (size >= MAX_MEMBERS) {
      // Keeps the newer half.
      forgetOlderHalf();
    }
    if ((size + 1) * 2 > checksums.length) {
      resize(checksums.length * 2, 0);
    }
    add(checksum, txid);
  }

  private void add(long checksum, long txid) {
    int slot = slotOf(checksum);
    if (checksums[slot] == 0) {
      checksums[slot] = checksum;
      size++;
    }
    txids[slot] = txid;
  }

  private void forgetOlderHalf() {
    long newest = 0;
    for (long txid : txids) {
      newest = Math.max(newest, txid);
    }
    resize(checksums.length, newest - MAX_MEMBERS / 2);
  }

  private void resize(int slotCount, long leastTxid) {
    long[] oldChecksums = checksums;
    long[] oldTxids = txids;
    checksums = new long[slotCount];
    txids = new long[slotCount];
    size = 0;
    for (int i = 0; i < oldChecksums.length; i++) {
      if (oldChecksums[i] != 0 && oldTxids[i] >= leastTxid) {
        add(oldChecksums[i], oldTxids[i]);
      }
    }
  }

  int size() {
    return size;
  }

  /** Copies all entries, in no order, to arrays of {@link #size} each. */
  void copyTo(long[] targetChecksums, long[] targetTxids) {
    int count = 0;
    for (int i = 0; i < checksums.length; i++) {
      if (checksums[i] != 0) {
        targetChecksums[count] = checksums[i];
        targetTxids[count++] = txids[i];
      }
    }
  }

  /** The TXID of a checksum; 0 if there is none. */
  long get(long checksum) {
    return txids[slotOf(checksum)];
  }

  private int slotOf(long checksum) {
    int mask = checksums.length - 1;
    int slot = (int) (checksum * 0x9E3779B97F4A7C15L >>> 33) & mask;
    while (checksums[slot] != 0 && checksums[slot] != checksum) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}

package io.walsync.db.tail;

import java.util.Arrays;

/**
 * For each page number, the WAL offset of its newest frame. A hash table of primitives with open
 * addressing, 12 bytes a slot, since one transaction may touch millions of pages.
 */
public final class PageOffsets {

  private static final int INITIAL_SLOTS = 64;

  /**
   * A larger table is dropped instead of cleared, since clearing and copying cost time for each
   * slot.
   */
  private static final int LARGEST_KEPT_SLOTS = 1024;

  private static final int FREE = 0;

  private int[] pgnos = new int[INITIAL_SLOTS];
  private long[] offsets = new long[INITIAL_SLOTS];
  private int size;

  /** Remembers the newest frame of a page. */
  public void put(int pgno, long offset) {
    int slot = slotOf(pgnos, pgno);
    if (pgnos[slot] == FREE) {
      if ((size + 1) * 2 > pgnos.length) {
        grow();
        slot = slotOf(pgnos, pgno);
      }
      pgnos[slot] = pgno;
      size++;
    }
    offsets[slot] = offset;
  }

  /** The offset of the page's newest frame, or -1. */
  public long get(int pgno) {
    int slot = slotOf(pgnos, pgno);
    return pgnos[slot] == pgno ? offsets[slot] : -1;
  }

  public int size() {
    return size;
  }

  public void clear() {
    if (size == 0) {
      return;
    }
    if (pgnos.length > LARGEST_KEPT_SLOTS) {
      pgnos = new int[INITIAL_SLOTS];
      offsets = new long[INITIAL_SLOTS];
    } else {
      Arrays.fill(pgnos, FREE);
    }
    size = 0;
  }

  /** The page numbers up to {@code commit}, ascending. */
  public int[] sortedPgnos(int commit) {
    int[] sorted = new int[size];
    int count = 0;
    for (int pgno : pgnos) {
      if (pgno != FREE && pgno <= commit) {
        sorted[count++] = pgno;
      }
    }
    int[] result = Arrays.copyOf(sorted, count);
    Arrays.sort(result);
    return result;
  }

  /** Takes over every entry of {@code newer}. */
  public void putAll(PageOffsets newer) {
    for (int slot = 0; slot < newer.pgnos.length; slot++) {
      if (newer.pgnos[slot] != FREE) {
        put(newer.pgnos[slot], newer.offsets[slot]);
      }
    }
  }

  private void grow() {
    int[] oldPgnos = pgnos;
    long[] oldOffsets = offsets;
    pgnos = new int[oldPgnos.length * 2];
    offsets = new long[pgnos.length];
    for (int i = 0; i < oldPgnos.length; i++) {
      if (oldPgnos[i] != FREE) {
        int slot = slotOf(pgnos, oldPgnos[i]);
        pgnos[slot] = oldPgnos[i];
        offsets[slot] = oldOffsets[i];
      }
    }
  }

  private static int slotOf(int[] table, int pgno) {
    int mask = table.length - 1;
    int slot = pgno * 0x9E3779B9 >>> 7 & mask;
    while (table[slot] != FREE && table[slot] != pgno) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}

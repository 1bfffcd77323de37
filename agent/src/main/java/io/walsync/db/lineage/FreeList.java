package io.walsync.db.lineage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a state that SQLite has put aside for later use. What stands in them is left from
 * before and belongs to the state no more: whole tables are deleted without a write to their pages.
 *
 * <p>Pages are given as they come from the files of a replica, the newest version of each last.
 *
 * <p>Threading: made by one thread, then read by one.
 */
final class FreeList {

  /** Reads a page of a database. */
  interface Reader {
    /** Returns null if it cannot be had. */
    byte[] read(int pgno) throws IOException;
  }

  /** 4 MB, by {@link #cost}; a longer list is not known. */
  private static final int MAX_COST = 1 << 20;

  /** Of the map, for each trunk, in pages. */
  private static final int TRUNK_COST = 20;

  private static final int FIRST_TRUNK_OFFSET = 32;
  private static final int LEAF_COUNT_OFFSET = 4;
  private static final int LEAVES_OFFSET = 8;
  private static final int ENTRY_BYTES = 4;
  private static final int FIRST_FREE = 2;

  /** For each page that may be a trunk: the trunk after it, then its leaves. */
  private final Map<Integer, int[]> trunks = new HashMap<>();

  private int firstTrunk;
  private int keptCost;
  private boolean isKnown = true;

  /** A file holds this page. */
  void add(int pgno, byte[] page) {
    if (pgno == 1) {
      firstTrunk = ByteBuffer.wrap(page).getInt(FIRST_TRUNK_OFFSET);
      return;
    }
    int[] old = trunks.remove(pgno);
    keptCost -= cost(old);
    int[] trunk = trunkOf(page);
    if (trunk != null) {
      trunks.put(pgno, trunk);
      keptCost += cost(trunk);
      isKnown &= keptCost <= MAX_COST;
    }
    if (!isKnown) {
      trunks.clear();
    }
  }

  /** Whether all of it is known. */
  boolean isKnown() {
    return isKnown;
  }

  /** The free pages, trunks included. */
  BitSet pages() {
    return pages(pgno -> true);
  }

  /** The free pages of those trunks, and they themselves. */
  BitSet pages(IntPredicate choice) {
    BitSet found = new BitSet();
    BitSet seen = new BitSet();
    int pgno = firstTrunk;
    while (pgno >= FIRST_FREE && !seen.get(pgno) && trunks.containsKey(pgno)) {
      int[] trunk = trunks.get(pgno);
      seen.set(pgno);
      if (choice.test(pgno)) {
        found.set(pgno);
        for (int i = 1; i < trunk.length; i++) {
          found.set(trunk[i]);
        }
      }
      pgno = trunk[0];
    }
    return found;
  }

  /** That of a database whose first page is this. */
  static FreeList of(byte[] firstPage, Reader pages) throws IOException {
    FreeList list = new FreeList();
    list.add(1, firstPage);
    int pgno = list.firstTrunk;
    while (pgno >= FIRST_FREE && !list.trunks.containsKey(pgno) && list.isKnown) {
      byte[] page = pages.read(pgno);
      if (page == null || trunkOf(page) == null) {
        break;
      }
      list.add(pgno, page);
      int[] trunk = list.trunks.get(pgno);
      pgno = trunk == null ? 0 : trunk[0];
    }
    return list;
  }

  private static int cost(int @Nullable [] trunk) {
    return trunk == null ? 0 : TRUNK_COST + trunk.length;
  }

  /** Null if the page cannot be a trunk. */
  private static int @Nullable [] trunkOf(byte[] page) {
    ByteBuffer bytes = ByteBuffer.wrap(page);
    int next = bytes.getInt(0);
    int count = bytes.getInt(LEAF_COUNT_OFFSET);
    boolean isPossible = next == 0 || next >= FIRST_FREE;
    if (!isPossible
        || count < 0
        || count > page.length / ENTRY_BYTES - 2
        || next == 0 && count == 0) {
      return null;
    }
    int[] trunk = new int[1 + count];
    trunk[0] = next;
    for (int i = 0; i < count; i++) {
      int leaf = bytes.getInt(LEAVES_OFFSET + ENTRY_BYTES * i);
      if (leaf < FIRST_FREE) {
        return null;
      }
      trunk[1 + i] = leaf;
    }
    return trunk;
  }
}

package io.walsync.ltx;

import java.util.Arrays;

/** Numbers of pages, in the order they were added, with a checksum each. */
public final class PageList {

  private int[] pgnos = new int[64];
  private long[] checksums = new long[64];
  private int size;

  public void add(int pgno, long checksum) {
    if (size == pgnos.length) {
      pgnos = Arrays.copyOf(pgnos, size * 2);
      checksums = Arrays.copyOf(checksums, size * 2);
    }
    pgnos[size] = pgno;
    checksums[size] = checksum;
    size++;
  }

  public int size() {
    return size;
  }

  /** Removes all pages. The arrays keep their size. */
  public void clear() {
    size = 0;
  }

  /** A copy. */
  public int[] pgnos() {
    return Arrays.copyOf(pgnos, size);
  }

  /** A copy. */
  public long[] checksums() {
    return Arrays.copyOf(checksums, size);
  }
}

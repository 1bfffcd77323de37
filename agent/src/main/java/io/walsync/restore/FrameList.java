package io.walsync.restore;

import java.util.Arrays;

/** The page frames found in one buffer. They are adjacent. */
final class FrameList {

  /** Bit that is set in an offset if the page is to be written. */
  private static final int WANTED = 1 << 31;

  private int[] offsets = new int[64];
  private int count;
  private int end;

  void clear() {
    count = 0;
  }

  void add(int offset, int size, boolean isWanted) {
    assert count == 0 || offset == end;
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
    }
    offsets[count++] = isWanted ? offset | WANTED : offset;
    end = offset + size;
  }

  int count() {
    return count;
  }

  int offset(int index) {
    return offsets[index] & ~WANTED;
  }

  int size(int index) {
    int next = index + 1 == count ? end : offset(index + 1);
    return next - offset(index);
  }

  boolean isWanted(int index) {
    return offsets[index] < 0;
  }
}

package io.walsync.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The cumulative checksum of a WAL: two 32-bit sums, kept in one long with checksum-1 in the high
 * half. It starts at 0.
 */
public final class WalChecksum {

  /** One step takes two 32-bit words. */
  private static final int STEP_BYTES = 8;

  private static final int UNROLLED_BYTES = 4 * STEP_BYTES;

  private WalChecksum() {}

  /** The state that two stored checksum fields stand for. */
  public static long of(int checksum1, int checksum2) {
    return (long) checksum1 << 32 | checksum2 & 0xffffffffL;
  }

  public static int checksum1(long state) {
    return (int) (state >>> 32);
  }

  public static int checksum2(long state) {
    return (int) state;
  }

  /**
   * Continues a checksum.
   *
   * @param length a multiple of 8
   * @param isBigEndian how words are taken: {@link WalHeader#isBigEndianChecksum}
   * @return the new state
   */
  public static long update(long state, byte[] bytes, int offset, int length, boolean isBigEndian) {
    if (length % STEP_BYTES != 0) {
      throw new IllegalArgumentException("length " + length + " is not a multiple of 8");
    }
    final ByteBuffer words =
        ByteBuffer.wrap(bytes).order(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int sum1 = checksum1(state);
    int sum2 = checksum2(state);
    int position = offset;
    final int end = offset + length;
    for (int last = end - UNROLLED_BYTES; position <= last; position += UNROLLED_BYTES) {
      sum1 += words.getInt(position) + sum2;
      sum2 += words.getInt(position + 4) + sum1;
      sum1 += words.getInt(position + 8) + sum2;
      sum2 += words.getInt(position + 12) + sum1;
      sum1 += words.getInt(position + 16) + sum2;
      sum2 += words.getInt(position + 20) + sum1;
      sum1 += words.getInt(position + 24) + sum2;
      sum2 += words.getInt(position + 28) + sum1;
    }
    for (; position < end; position += STEP_BYTES) {
      sum1 += words.getInt(position) + sum2;
      sum2 += words.getInt(position + 4) + sum1;
    }
    return of(sum1, sum2);
  }
}

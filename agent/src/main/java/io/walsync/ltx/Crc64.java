package io.walsync.ltx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * CRC-64/GO-ISO, the only checksum of LTX: polynomial x^64 + x^4 + x^3 + x + 1, reflected, initial
 * value and final xor all ones. Check value of {@code "123456789"}: {@code b90956c775a41001}.
 *
 * <p>A CRC is carried in its final form, so that the CRC of no bytes is 0 and any CRC can be
 * continued.
 *
 * <p>No table: x^64 is congruent to x^4 + x^3 + x + 1, so folding a word in is a multiplication by
 * a polynomial of four terms, that is, a few shifts. In the reflected form multiplying by x is a
 * shift to the right.
 */
public final class Crc64 {

  /** Set in every checksum that LTX stores, so that a stored 0 always means "none". */
  public static final long STORED_FLAG = 1L << 63;

  /** 1 in the reflected form: the coefficient of x^0 is the highest bit. */
  private static final long ONE = 1L << 63;

  /** x^8 in the reflected form: what one byte multiplies the state by. */
  private static final long X_8 = ONE >>> 8;

  /** The polynomial without its x^64, reflected. */
  private static final long POLYNOMIAL = 0xD800000000000000L;

  private Crc64() {}

  /**
   * Continues {@code crc} (0 to start) with some bytes.
   *
   * @return the CRC of everything so far
   */
  public static long update(long crc, byte[] bytes, int offset, int length) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long state = ~crc;
    int position = offset;
    final int end = offset + length;
    for (int wordsEnd = end - 15; position < wordsEnd; position += 16) {
      state = fold(state ^ words.getLong(position));
      state = fold(state ^ words.getLong(position + 8));
    }
    for (; position < end; position++) {
      state = foldByte(state, bytes[position]);
    }
    return ~state;
  }

  /** Continues {@code crc} with the four bytes of a big-endian int. */
  static long updateInt(long crc, int value) {
    long state = ~crc;
    for (int shift = 24; shift >= 0; shift -= 8) {
      state = foldByte(state, (byte) (value >>> shift));
    }
    return ~state;
  }

  /**
   * The CRC of {@code A B} from the CRC of A and the CRC of B, so that parts can be computed apart.
   *
   * @param secondLength bytes in B, at least 0
   */
  public static long combine(long first, long second, long secondLength) {
    long shifted = first;
    long power = X_8;
    for (long rest = secondLength; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        shifted = multiply(shifted, power);
      }
      power = multiply(power, power);
    }
    return shifted ^ second;
  }

  /** Multiplies by x^64: what shifts out below is reduced first, by the same four terms. */
  private static long fold(long v) {
    long y = v ^ (v << 63) ^ (v << 61) ^ (v << 60);
    return y ^ (y >>> 1) ^ (y >>> 3) ^ (y >>> 4);
  }

  private static long foldByte(long state, byte value) {
    long y = (state ^ value) << 56;
    return (state >>> 8) ^ y ^ (y >>> 1) ^ (y >>> 3) ^ (y >>> 4);
  }

  private static long multiply(long a, long b) {
    long product = 0;
    long factor = a;
    for (long bit = ONE; bit != 0; bit >>>= 1) {
      if ((b & bit) != 0) {
        product ^= factor;
      }
      factor = (factor >>> 1) ^ ((factor & 1) == 0 ? 0 : POLYNOMIAL);
    }
    return product;
  }
}

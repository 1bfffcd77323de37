package io.walsync.ltx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads LZ4 blocks of any conforming compressor. For any input it reads and writes only within the
 * bounds it is given.
 */
final class Lz4Decompressor {

  /** Returned for anything that is not a valid block. */
  static final int MALFORMED = -1;

  private static final int MIN_MATCH = 4;

  private Lz4Decompressor() {}

  /**
   * Decompresses the block between {@code srcOffset} and {@code srcEnd}.
   *
   * @param windowStart the lowest byte of {@code dst} a match may refer to
   * @param dstEnd the first byte of {@code dst} that must not be written
   * @return the end of what was written, or {@link #MALFORMED}
   */
  static int decompress(
      byte[] src,
      int srcOffset,
      int srcEnd,
      byte[] dst,
      int windowStart,
      int dstOffset,
      int dstEnd) {
    final ByteBuffer in = ByteBuffer.wrap(src).order(ByteOrder.LITTLE_ENDIAN);
    final ByteBuffer target = ByteBuffer.wrap(dst).order(ByteOrder.LITTLE_ENDIAN);
    int position = srcOffset;
    int out = dstOffset;
    while (position < srcEnd) {
      int token = src[position++] & 0xff;
      int literals = token >>> 4;
      if (literals == 15) {
        int more;
        do {
          if (position >= srcEnd || literals > dstEnd - out) {
            return MALFORMED;
          }
          more = src[position++] & 0xff;
          literals += more;
        } while (more == 255);
      }
      if (literals > srcEnd - position || literals > dstEnd - out) {
        return MALFORMED;
      }
      if (literals <= 16 && srcEnd - position >= 16 && dstEnd - out >= 16) {
        target.putLong(out, in.getLong(position));
        target.putLong(out + 8, in.getLong(position + 8));
      } else {
        System.arraycopy(src, position, dst, out, literals);
      }
      position += literals;
      out += literals;
      if (position == srcEnd) {
        return out;
      }
      if (srcEnd - position < 2) {
        return MALFORMED;
      }
      int distance = in.getShort(position) & 0xffff;
      position += 2;
      int length = token & 15;
      if (length == 15) {
        int more;
        do {
          if (position >= srcEnd || length > dstEnd - out) {
            return MALFORMED;
          }
          more = src[position++] & 0xff;
          length += more;
        } while (more == 255);
      }
      length += MIN_MATCH;
      if (distance == 0 || distance > out - windowStart || length > dstEnd - out) {
        return MALFORMED;
      }
      copyMatch(target, dst, out, distance, length, dstEnd);
      out += length;
    }
    return MALFORMED;
  }

  private static void copyMatch(
      ByteBuffer target, byte[] dst, int out, int distance, int length, int dstEnd) {
    int from = out - distance;
    int end = out + length;
    if (distance >= 8 && length <= 64 && dstEnd - end >= 8) {
      int to = out;
      do {
        target.putLong(to, target.getLong(from));
        to += 8;
        from += 8;
      } while (to < end);
    } else if (distance >= length) {
      System.arraycopy(dst, from, dst, out, length);
    } else if (distance == 1) {
      Arrays.fill(dst, out, end, dst[from]);
    } else {
      repeat(dst, from, out, end);
    }
  }

  /** Repeats a pattern up to {@code end}; each copy doubles what is there. */
  private static void repeat(byte[] dst, int from, int out, int end) {
    int to = out;
    while (to < end) {
      int count = Math.min(to - from, end - to);
      System.arraycopy(dst, from, dst, to, count);
      to += count;
    }
  }
}

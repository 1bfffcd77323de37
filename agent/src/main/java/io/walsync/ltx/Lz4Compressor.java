package io.walsync.ltx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes LZ4 blocks of at most one page, as plain LZ4 "fast" does, without native code or Unsafe.
 *
 * <p>A block is a row of sequences: a token (literal count in the high four bits, match length - 4
 * in the low four; 15 says that bytes follow which are added, up to and including the first below
 * 255), the literals, a little-endian distance, and the match. The last sequence ends after its
 * literals, of which there are at least five.
 *
 * <p>Threading: one thread at a time, as the table is kept between calls.
 */
@SuppressWarnings("ByteBufferBackingArray") // each buffer wraps a whole array
final class Lz4Compressor {

  private static final int MIN_MATCH = 4;
  private static final int LAST_LITERALS = 5;
  private static final int MATCH_FIND_LIMIT = 12;
  private static final int TABLE_BITS = 12;

  /** Probes without a match before the search begins to skip bytes, as a power of two. */
  private static final int SKIP_TRIGGER = 6;

  /** Literals up to this length are copied in one step, of this many bytes. */
  private static final int SHORT_BYTES = 16;

  /** The table is cleared when the base reaches this, before positions could overflow. */
  private static final int MAX_BASE = 1 << 30;

  /** Entries hold position + base of their call, so entries of earlier calls are all too small. */
  private final int[] table = new int[1 << TABLE_BITS];

  private int base = 1;

  /** Bytes a block of {@code length} bytes can have at most. */
  static int bound(int length) {
    return length + length / 255 + 16;
  }

  /**
   * Compresses into {@code dst}, which has room for {@link #bound} bytes at {@code dstOffset}.
   *
   * @param length at most 65536
   * @return the size of the block
   */
  int compress(byte[] src, int offset, int length, byte[] dst, int dstOffset) {
    final ByteBuffer in = ByteBuffer.wrap(src).order(ByteOrder.LITTLE_ENDIAN);
    final ByteBuffer to = ByteBuffer.wrap(dst).order(ByteOrder.LITTLE_ENDIAN);
    final int[] seen = table;
    final int end = offset + length;
    final int lastSearch = end - MATCH_FIND_LIMIT;
    final int shift = nextBase(length) - offset;
    int anchor = offset;
    int out = dstOffset;
    int position = offset;
    int probes = 1 << SKIP_TRIGGER;
    while (position < lastSearch) {
      int word = in.getInt(position);
      int slot = (word * -1640531535) >>> (32 - TABLE_BITS);
      int candidate = seen[slot] - shift;
      seen[slot] = position + shift;
      if (candidate < offset || in.getInt(candidate) != word) {
        position += probes++ >>> SKIP_TRIGGER;
        continue;
      }
      while (position > anchor && candidate > offset && src[position - 1] == src[candidate - 1]) {
        position--;
        candidate--;
      }
      int matchEnd = matchEnd(in, position + MIN_MATCH, candidate + MIN_MATCH, end - LAST_LITERALS);
      int token = out;
      out = writeLiterals(in, anchor, position - anchor, end, to, out);
      out = writeMatch(position - candidate, matchEnd - position, dst, out, token);
      position = matchEnd;
      anchor = matchEnd;
      probes = 1 << SKIP_TRIGGER;
      if (position < lastSearch) {
        int before = in.getInt(position - 2) * -1640531535;
        seen[before >>> (32 - TABLE_BITS)] = position - 2 + shift;
      }
    }
    return writeLiterals(in, anchor, end - anchor, end, to, out) - dstOffset;
  }

  /** Writes a block that holds the bytes uncompressed, the cheapest to write and to read. */
  static int store(byte[] src, int offset, int length, byte[] dst, int dstOffset) {
    final ByteBuffer in = ByteBuffer.wrap(src);
    final ByteBuffer to = ByteBuffer.wrap(dst);
    return writeLiterals(in, offset, length, offset + length, to, dstOffset) - dstOffset;
  }

  private int nextBase(int length) {
    if (base > MAX_BASE) {
      Arrays.fill(table, 0);
      base = 1;
    }
    int current = base;
    base += length;
    return current;
  }

  private static int matchEnd(ByteBuffer in, int position, int candidate, int limit) {
    int at = position;
    int ref = candidate;
    while (at + 8 <= limit) {
      long difference = in.getLong(at) ^ in.getLong(ref);
      if (difference != 0) {
        return at + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      at += 8;
      ref += 8;
    }
    while (at < limit && in.get(at) == in.get(ref)) {
      at++;
      ref++;
    }
    return at;
  }

  /**
   * Writes a token without match length, and literals. Short literals are copied as two words; the
   * next sequence overwrites the excess.
   *
   * @param end of the source; beyond, nothing may be read
   */
  private static int writeLiterals(
      ByteBuffer in, int offset, int count, int end, ByteBuffer to, int toOffset) {
    byte[] dst = to.array();
    int out = toOffset;
    if (count < 15) {
      dst[out++] = (byte) (count << 4);
      if (end - offset >= SHORT_BYTES) {
        to.putLong(out, in.getLong(offset));
        to.putLong(out + 8, in.getLong(offset + 8));
        return out + count;
      }
    } else {
      dst[out++] = (byte) 0xf0;
      out = writeExtension(count - 15, dst, out);
    }
    System.arraycopy(in.array(), offset, dst, out, count);
    return out + count;
  }

  private static int writeExtension(int value, byte[] dst, int dstOffset) {
    int out = dstOffset;
    int rest = value;
    for (; rest >= 255; rest -= 255) {
      dst[out++] = (byte) 255;
    }
    dst[out++] = (byte) rest;
    return out;
  }

  private static int writeMatch(int distance, int length, byte[] dst, int dstOffset, int token) {
    int out = dstOffset;
    dst[out++] = (byte) distance;
    dst[out++] = (byte) (distance >>> 8);
    int extra = length - MIN_MATCH;
    if (extra < 15) {
      dst[token] |= (byte) extra;
      return out;
    }
    dst[token] |= 15;
    return writeExtension(extra - 15, dst, out);
  }
}

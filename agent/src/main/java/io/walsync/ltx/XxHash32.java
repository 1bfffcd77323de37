package io.walsync.ltx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** xxHash32 with seed 0: the checksum inside LZ4 frames. */
final class XxHash32 {

  private static final int PRIME_1 = 0x9E3779B1;
  private static final int PRIME_2 = 0x85EBCA77;
  private static final int PRIME_3 = 0xC2B2AE3D;
  private static final int PRIME_4 = 0x27D4EB2F;
  private static final int PRIME_5 = 0x165667B1;

  private XxHash32() {}

  @SuppressWarnings("ConstantOverflow") // sums are modulo 2^32
  static int hash(byte[] bytes, int offset, int length) {
    final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    final int end = offset + length;
    int position = offset;
    int hash;
    if (length >= 16) {
      int a = PRIME_1 + PRIME_2;
      int b = PRIME_2;
      int c = 0;
      int d = -PRIME_1;
      for (int stripesEnd = end - 15; position < stripesEnd; position += 16) {
        a = round(a, in.getInt(position));
        b = round(b, in.getInt(position + 4));
        c = round(c, in.getInt(position + 8));
        d = round(d, in.getInt(position + 12));
      }
      hash =
          Integer.rotateLeft(a, 1)
              + Integer.rotateLeft(b, 7)
              + Integer.rotateLeft(c, 12)
              + Integer.rotateLeft(d, 18);
    } else {
      hash = PRIME_5;
    }
    hash += length;
    for (; position + 4 <= end; position += 4) {
      hash = Integer.rotateLeft(hash + in.getInt(position) * PRIME_3, 17) * PRIME_4;
    }
    for (; position < end; position++) {
      hash = Integer.rotateLeft(hash + (bytes[position] & 0xff) * PRIME_5, 11) * PRIME_1;
    }
    return avalanche(hash);
  }

  private static int round(int lane, int word) {
    return Integer.rotateLeft(lane + word * PRIME_2, 13) * PRIME_1;
  }

  private static int avalanche(int value) {
    int hash = (value ^ (value >>> 15)) * PRIME_2;
    hash = (hash ^ (hash >>> 13)) * PRIME_3;
    return hash ^ (hash >>> 16);
  }
}

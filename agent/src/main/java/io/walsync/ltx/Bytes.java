package io.walsync.ltx;

/** Fixed-width integers and varints in byte arrays. Unsuffixed names are big-endian. */
final class Bytes {

  /** Bytes a varint can have at most. */
  static final int MAX_VARINT_SIZE = 10;

  private Bytes() {}

  static int intLe(byte[] from, int offset) {
    return (from[offset] & 0xff)
        | (from[offset + 1] & 0xff) << 8
        | (from[offset + 2] & 0xff) << 16
        | from[offset + 3] << 24;
  }

  static void putIntLe(byte[] to, int offset, int value) {
    to[offset] = (byte) value;
    to[offset + 1] = (byte) (value >>> 8);
    to[offset + 2] = (byte) (value >>> 16);
    to[offset + 3] = (byte) (value >>> 24);
  }

  static int getInt(byte[] from, int offset) {
    return Integer.reverseBytes(intLe(from, offset));
  }

  static void putInt(byte[] to, int offset, int value) {
    putIntLe(to, offset, Integer.reverseBytes(value));
  }

  static int getShort(byte[] from, int offset) {
    return (from[offset] & 0xff) << 8 | (from[offset + 1] & 0xff);
  }

  static void putShort(byte[] to, int offset, int value) {
    to[offset] = (byte) (value >>> 8);
    to[offset + 1] = (byte) value;
  }

  static long getLong(byte[] from, int offset) {
    return (long) getInt(from, offset) << 32 | getInt(from, offset + 4) & 0xffffffffL;
  }

  static void putLong(byte[] to, int offset, long value) {
    putInt(to, offset, (int) (value >>> 32));
    putInt(to, offset + 4, (int) value);
  }

  /**
   * Writes an unsigned LEB128 varint.
   *
   * @return the offset after it
   */
  static int putVarint(byte[] to, int offset, long value) {
    int position = offset;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[position++] = (byte) rest;
    return position;
  }
}

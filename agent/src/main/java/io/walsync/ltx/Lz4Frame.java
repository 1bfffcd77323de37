package io.walsync.ltx;

import org.jspecify.annotations.Nullable;

/**
 * LZ4 frames that hold one page. Writes the one form every Litestream reads (independent blocks of
 * at most 64 KiB, content checksum); reads any frame but one that needs a dictionary.
 *
 * <p>Layout: magic, FLG, BD, [content size 8], [dictionary id 4], header checksum 1; then blocks of
 * (size 4, bytes, [checksum 4]) up to a size of 0; then [content checksum 4]. Little-endian.
 */
final class Lz4Frame {

  /** Bytes of a frame around a block, as written here. */
  static final int OVERHEAD = 19;

  private static final int HEADER_SIZE = 7;
  private static final int MAGIC = 0x184D2204;

  /** Version 1, independent blocks, content checksum. */
  private static final byte FLAGS = 0x64;

  private static final byte MAX_BLOCK_64_KIB = 0x40;

  /** The header checksum of the two bytes before it. */
  private static final byte HEADER_CHECKSUM = (byte) 0xA7;

  private static final int VERSION_MASK = 0xC0;
  private static final int VERSION_1 = 0x40;
  private static final int LINKED_BLOCKS_OFF = 0x20;
  private static final int BLOCK_CHECKSUM = 0x10;
  private static final int CONTENT_SIZE = 0x08;
  private static final int CONTENT_CHECKSUM = 0x04;
  private static final int RESERVED_FLAG = 0x02;
  private static final int DICTIONARY = 0x01;
  private static final int STORED = 0x80000000;

  private Lz4Frame() {}

  /**
   * Writes a frame; {@code dst} has room for {@link #OVERHEAD} and the LZ4 bound of the page.
   *
   * @param compressor null to store the page as it is
   * @return the size of the frame
   */
  static int encode(
      @Nullable Lz4Compressor compressor,
      byte[] page,
      int offset,
      int length,
      byte[] dst,
      int dstOffset) {
    Bytes.putIntLe(dst, dstOffset, MAGIC);
    dst[dstOffset + 4] = FLAGS;
    dst[dstOffset + 5] = MAX_BLOCK_64_KIB;
    dst[dstOffset + 6] = HEADER_CHECKSUM;
    int block = dstOffset + HEADER_SIZE + 4;
    int size = compressor == null ? length : compressor.compress(page, offset, length, dst, block);
    if (size >= length) {
      System.arraycopy(page, offset, dst, block, length);
      size = length;
      Bytes.putIntLe(dst, block - 4, size | STORED);
    } else {
      Bytes.putIntLe(dst, block - 4, size);
    }
    int end = block + size;
    Bytes.putIntLe(dst, end, 0);
    Bytes.putIntLe(dst, end + 4, XxHash32.hash(page, offset, length));
    return end + 8 - dstOffset;
  }

  /**
   * Finds where the frame at {@code offset} ends, without reading its blocks.
   *
   * @return the frame's size in bytes, or {@link PageFrame#NEEDS_MORE} if {@code limit} cuts it off
   */
  static int length(byte[] src, int offset, int limit, int maxSize) throws LtxFormatException {
    if (limit - offset < HEADER_SIZE) {
      return PageFrame.NEEDS_MORE;
    }
    int flags = src[offset + 4];
    long position = (long) offset + headerSize(flags);
    int checksumSize = (flags & BLOCK_CHECKSUM) != 0 ? 4 : 0;
    while (true) {
      if (position - offset > maxSize) {
        throw new LtxFormatException("LZ4 frame is larger than " + maxSize + " bytes");
      }
      if (limit - position < 4) {
        return PageFrame.NEEDS_MORE;
      }
      int blockSize = Bytes.intLe(src, (int) position) & ~STORED;
      position += 4;
      if (blockSize == 0) {
        break;
      }
      position += (long) blockSize + checksumSize;
    }
    position += (flags & CONTENT_CHECKSUM) != 0 ? 4 : 0;
    return position > limit ? PageFrame.NEEDS_MORE : (int) position - offset;
  }

  /**
   * Decodes a complete frame, verifying every checksum it carries.
   *
   * @param end {@code offset} plus what {@link #length} returned
   */
  static void decode(byte[] src, int offset, int end, byte[] dst, int dstOffset, int pageSize)
      throws LtxFormatException {
    int flags = src[offset + 4];
    checkHeader(src, offset);
    int dstEnd = dstOffset + pageSize;
    int out = dstOffset;
    int position = offset + headerSize(flags);
    while (true) {
      int size = Bytes.intLe(src, position);
      position += 4;
      if ((size & ~STORED) == 0) {
        break;
      }
      int blockEnd = position + (size & ~STORED);
      int windowStart = (flags & LINKED_BLOCKS_OFF) != 0 ? out : dstOffset;
      out = decodeBlock(src, position, blockEnd, size < 0, dst, windowStart, out, dstEnd);
      if ((flags & BLOCK_CHECKSUM) != 0) {
        checkHash("block", src, position, blockEnd - position, src, blockEnd);
        blockEnd += 4;
      }
      position = blockEnd;
    }
    if (out != dstEnd) {
      throw new LtxFormatException(
          "LZ4 frame holds " + (out - dstOffset) + " bytes instead of a page of " + pageSize);
    }
    if ((flags & CONTENT_CHECKSUM) != 0) {
      checkHash("content", dst, dstOffset, pageSize, src, position);
    }
    assert position + ((flags & CONTENT_CHECKSUM) != 0 ? 4 : 0) == end;
  }

  private static int decodeBlock(
      byte[] src,
      int offset,
      int end,
      boolean isStored,
      byte[] dst,
      int windowStart,
      int dstOffset,
      int dstEnd)
      throws LtxFormatException {
    if (isStored) {
      if (end - offset > dstEnd - dstOffset) {
        throw new LtxFormatException("LZ4 frame holds more than a page");
      }
      System.arraycopy(src, offset, dst, dstOffset, end - offset);
      return dstOffset + end - offset;
    }
    int out = Lz4Decompressor.decompress(src, offset, end, dst, windowStart, dstOffset, dstEnd);
    if (out == Lz4Decompressor.MALFORMED) {
      throw new LtxFormatException("LZ4 block is malformed or holds more than a page");
    }
    return out;
  }

  private static int headerSize(int flags) {
    return HEADER_SIZE
        + ((flags & CONTENT_SIZE) != 0 ? 8 : 0)
        + ((flags & DICTIONARY) != 0 ? 4 : 0);
  }

  private static void checkHeader(byte[] src, int offset) throws LtxFormatException {
    if (Bytes.intLe(src, offset) != MAGIC) {
      throw new LtxFormatException("page is not an LZ4 frame");
    }
    int flags = src[offset + 4];
    if (flags == FLAGS
        && src[offset + 5] == MAX_BLOCK_64_KIB
        && src[offset + 6] == HEADER_CHECKSUM) {
      return;
    }
    if ((flags & VERSION_MASK) != VERSION_1 || (flags & (RESERVED_FLAG | DICTIONARY)) != 0) {
      throw new LtxFormatException("LZ4 frame has flags " + Integer.toHexString(flags & 0xff));
    }
    int descriptorSize = headerSize(flags) - 5;
    int hash = XxHash32.hash(src, offset + 4, descriptorSize) >>> 8;
    if ((byte) hash != src[offset + 4 + descriptorSize]) {
      throw new LtxFormatException("LZ4 frame header checksum mismatch");
    }
  }

  private static void checkHash(
      String what, byte[] bytes, int offset, int length, byte[] stored, int storedOffset)
      throws LtxFormatException {
    if (XxHash32.hash(bytes, offset, length) != Bytes.intLe(stored, storedOffset)) {
      throw new LtxFormatException("LZ4 frame " + what + " checksum mismatch");
    }
  }
}

package io.walsync.ltx;

import org.jspecify.annotations.Nullable;

/**
 * One page as an LTX file stores it: number and flags in 6 bytes, then a length in 4 and an LZ4
 * block, or an LZ4 frame. Both forms may stand side by side in one file.
 */
public final class PageFrame {

  /** Bytes of number and flags. All zero, they mark the end of the pages. */
  public static final int HEADER_SIZE = 6;

  /** Returned by {@link #length} if the bytes end before the frame does. */
  public static final int NEEDS_MORE = -1;

  private static final int LENGTH_SIZE = 4;
  private static final int FLAG_BLOCK = 0x1;

  private PageFrame() {}

  /**
   * Most bytes that a page frame can have, whatever wrote it. Frames of many small LZ4 blocks fit;
   * a larger one is damaged.
   */
  public static int maxSize(int pageSize) {
    return 2 * pageSize + 1024;
  }

  /** The page number in a frame header; 0 in the end marker. */
  public static int pgno(byte[] src, int offset) {
    return Bytes.getInt(src, offset);
  }

  /** Whether the 6 bytes are the end marker. */
  static boolean isEndMarker(byte[] src, int offset) {
    return Bytes.getInt(src, offset) == 0 && Bytes.getShort(src, offset + 4) == 0;
  }

  /**
   * Finds where the frame at {@code offset} ends, without decoding it.
   *
   * @param limit the end of the bytes there are
   * @return the size of the frame in bytes, or {@link #NEEDS_MORE}
   * @throws LtxFormatException if no frame begins like that
   */
  public static int length(byte[] src, int offset, int limit, int pageSize)
      throws LtxFormatException {
    if (limit - offset < HEADER_SIZE + LENGTH_SIZE) {
      return NEEDS_MORE;
    }
    int body = offset + HEADER_SIZE;
    if (isBlock(src, offset)) {
      int size = Bytes.getInt(src, body);
      if (size <= 0 || size > Lz4Compressor.bound(pageSize)) {
        throw new LtxFormatException(
            "LZ4 block of " + (size & 0xffffffffL) + " bytes for a page of " + pageSize);
      }
      int length = HEADER_SIZE + LENGTH_SIZE + size;
      return length > limit - offset ? NEEDS_MORE : length;
    }
    int length = Lz4Frame.length(src, body, limit, maxSize(pageSize) - HEADER_SIZE);
    return length == NEEDS_MORE ? NEEDS_MORE : HEADER_SIZE + length;
  }

  /**
   * Decodes the page of a complete frame, verifying the checksums of an LZ4 frame.
   *
   * @param length what {@link #length} returned
   * @param page receives the page at {@code pageOffset}
   */
  public static void decode(
      byte[] src, int offset, int length, byte[] page, int pageOffset, int pageSize)
      throws LtxFormatException {
    int body = offset + HEADER_SIZE;
    int end = offset + length;
    if (!isBlock(src, offset)) {
      Lz4Frame.decode(src, body, end, page, pageOffset, pageSize);
      return;
    }
    int pageEnd = pageOffset + pageSize;
    int out =
        Lz4Decompressor.decompress(
            src, body + LENGTH_SIZE, end, page, pageOffset, pageOffset, pageEnd);
    if (out != pageEnd) {
      throw new LtxFormatException(
          out == Lz4Decompressor.MALFORMED
              ? "LZ4 block is malformed or holds more than a page"
              : "LZ4 block holds " + (out - pageOffset) + " bytes, not a page of " + pageSize);
    }
  }

  /**
   * Continues the file checksum with what it covers of a frame: the header, the length of a block,
   * and the page as decoded.
   */
  public static long checksum(
      long crc, byte[] src, int offset, byte[] page, int pageOffset, int pageSize)
      throws LtxFormatException {
    int covered = isBlock(src, offset) ? HEADER_SIZE + LENGTH_SIZE : HEADER_SIZE;
    return Crc64.update(Crc64.update(crc, src, offset, covered), page, pageOffset, pageSize);
  }

  /** How many bytes {@link #checksum} covers. */
  public static int checksummedSize(byte[] src, int offset, int pageSize)
      throws LtxFormatException {
    return (isBlock(src, offset) ? HEADER_SIZE + LENGTH_SIZE : HEADER_SIZE) + pageSize;
  }

  /**
   * Writes a frame; {@code dst} has room for {@link #maxSize} bytes.
   *
   * @param compressor null to store the page as it is
   * @return the size of the frame
   */
  static int encode(
      int pgno,
      PageEncoding encoding,
      @Nullable Lz4Compressor compressor,
      byte[] page,
      int offset,
      int pageSize,
      byte[] dst,
      int dstOffset) {
    Bytes.putInt(dst, dstOffset, pgno);
    int body = dstOffset + HEADER_SIZE;
    if (encoding == PageEncoding.LZ4_FRAME) {
      Bytes.putShort(dst, dstOffset + 4, 0);
      return HEADER_SIZE + Lz4Frame.encode(compressor, page, offset, pageSize, dst, body);
    }
    Bytes.putShort(dst, dstOffset + 4, FLAG_BLOCK);
    int block = body + LENGTH_SIZE;
    int size =
        compressor == null
            ? Lz4Compressor.store(page, offset, pageSize, dst, block)
            : compressor.compress(page, offset, pageSize, dst, block);
    Bytes.putInt(dst, body, size);
    return HEADER_SIZE + LENGTH_SIZE + size;
  }

  private static boolean isBlock(byte[] src, int offset) throws LtxFormatException {
    int flags = Bytes.getShort(src, offset + 4);
    if ((flags & ~FLAG_BLOCK) != 0) {
      throw new LtxFormatException("page frame has unknown flags " + Integer.toHexString(flags));
    }
    return flags == FLAG_BLOCK;
  }
}

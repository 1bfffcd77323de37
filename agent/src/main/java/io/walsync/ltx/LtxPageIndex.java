package io.walsync.ltx;

import java.io.IOException;
import java.util.Arrays;

/**
 * The place of each page in an LTX file, read from the end of the file without its pages. That does
 * not prove the index (only a full read verifies the file checksum), but it is consistent: pages
 * ascend, and their frames fill the file from header to end marker.
 *
 * <p>Memory: 12 bytes a page.
 */
public final class LtxPageIndex {

  /** Bytes of the first request. They hold the whole index of files of up to some 3,000 pages. */
  private static final int TAIL_BYTES = 32 * 1024;

  private static final int INDEX_SIZE_BYTES = 8;
  private static final int FOOTER_SIZE = INDEX_SIZE_BYTES + LtxTrailer.SIZE;
  private static final int MIN_FILE_SIZE = LtxHeader.SIZE + PageFrame.HEADER_SIZE + 1 + FOOTER_SIZE;

  private int[] pgnos = new int[16];
  private long[] offsets = new long[17];
  private int count;

  private LtxPageIndex() {
    offsets[0] = LtxHeader.SIZE;
  }

  /**
   * Reads the index of a file, in one request if it is small.
   *
   * @throws LtxFormatException if it is none, or does not fit the file
   */
  public static LtxPageIndex read(LtxRandomAccess file) throws IOException {
    long fileSize = file.sizeBytes();
    if (fileSize < MIN_FILE_SIZE) {
      throw new LtxFormatException("a file of " + fileSize + " bytes is no LTX file");
    }
    Tail tail = new Tail(file);
    tail.seek(fileSize - FOOTER_SIZE);
    long indexSize = tail.nextLong();
    long indexStart = fileSize - FOOTER_SIZE - indexSize;
    if (indexSize < 1 || indexStart < LtxHeader.SIZE + PageFrame.HEADER_SIZE) {
      throw new LtxFormatException(
          "page index of " + indexSize + " bytes in a file of " + fileSize);
    }
    tail.seek(indexStart);
    LtxPageIndex index = new LtxPageIndex();
    index.readEntries(tail);
    if (tail.position() != fileSize - FOOTER_SIZE) {
      throw new LtxFormatException("page index ends at byte " + tail.position());
    }
    if (index.endOffset() + PageFrame.HEADER_SIZE != indexStart) {
      throw new LtxFormatException("page index does not cover the file up to its end marker");
    }
    return index;
  }

  private void readEntries(Tail tail) throws IOException {
    for (long pgno = tail.nextVarint(); pgno != 0; pgno = tail.nextVarint()) {
      long offset = tail.nextVarint();
      long size = tail.nextVarint();
      if (pgno < 0 || pgno > Integer.MAX_VALUE || count > 0 && pgno <= pgnos[count - 1]) {
        throw new LtxFormatException("page index has page " + pgno + " out of order");
      }
      if (offset != offsets[count] || size <= 0 || size > PageFrame.maxSize(65536)) {
        throw new LtxFormatException(
            "page index has page " + pgno + " at byte " + offset + " with " + size + " bytes");
      }
      add((int) pgno, offset + size);
    }
  }

  private void add(int pgno, long end) {
    if (count == pgnos.length) {
      int larger = count + (count >> 1);
      pgnos = Arrays.copyOf(pgnos, larger);
      offsets = Arrays.copyOf(offsets, larger + 1);
    }
    pgnos[count++] = pgno;
    offsets[count] = end;
  }

  /** How many pages the file holds. */
  public int pageCount() {
    return count;
  }

  /**
   * Number of the page at a place in the file.
   *
   * @param index 0 to {@link #pageCount} - 1
   */
  public int pgno(int index) {
    return pgnos[index];
  }

  /**
   * The index of a page for {@link #pgno(int)}, or a negative number if the file does not hold the
   * page.
   */
  public int find(int pgno) {
    return Arrays.binarySearch(pgnos, 0, count, pgno);
  }

  /** Byte of the file where the frame begins. */
  public long frameOffset(int index) {
    return offsets[index];
  }

  /** Size of the frame in bytes. */
  public int frameSize(int index) {
    return (int) (offsets[index + 1] - offsets[index]);
  }

  /** Byte of the file where the last frame ends. */
  public long endOffset() {
    return offsets[count];
  }

  /** Reads forward through the end of the file in windows. */
  private static final class Tail {

    private final LtxRandomAccess file;
    private final byte[] window;
    private long windowOffset;
    private int windowSize;
    private int at;

    Tail(LtxRandomAccess file) throws IOException {
      this.file = file;
      window = new byte[(int) Math.min(TAIL_BYTES, file.sizeBytes())];
      load(file.sizeBytes() - window.length);
    }

    void seek(long offset) throws IOException {
      if (offset < windowOffset) {
        load(offset);
      }
      at = (int) (offset - windowOffset);
    }

    long position() {
      return windowOffset + at;
    }

    long nextLong() throws IOException {
      long value = 0;
      for (int i = 0; i < 8; i++) {
        value = value << 8 | next();
      }
      return value;
    }

    long nextVarint() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = next();
        value |= (next & 0x7fL) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw new LtxFormatException("page index has a number of more than 64 bits");
    }

    private int next() throws IOException {
      if (at == windowSize) {
        load(windowOffset + windowSize);
      }
      return window[at++] & 0xff;
    }

    private void load(long offset) throws IOException {
      windowOffset = offset;
      windowSize = (int) Math.min(window.length, file.sizeBytes() - offset);
      if (windowSize <= 0) {
        throw new LtxFormatException("page index does not end before the file does");
      }
      file.read(offset, window, 0, windowSize);
      at = 0;
    }
  }
}

package io.walsync.ltx;

import java.util.Arrays;

/**
 * Remembers number and size of every page frame written, for the page index at the end of the file.
 * It takes about two bytes a page: for each frame its size and, if the page number did not grow by
 * 1, the step.
 */
final class FrameLog {

  /**
   * Size of the first chunk: most files hold a page or two. Each chunk is twice the one before, up
   * to the largest.
   */
  private static final int FIRST_CHUNK_BYTES = 128;

  private static final int LARGEST_CHUNK_BYTES = 16 * 1024;

  private byte[][] chunks = new byte[4][];
  private int chunkCount;

  /** Bytes used of the newest chunk; entries never straddle two. */
  private int used;

  private int lastPgno;

  void add(int pgno, int frameSize) {
    if (chunkCount == 0 || chunks[chunkCount - 1].length - used < 2 * Bytes.MAX_VARINT_SIZE) {
      startChunk();
    }
    byte[] chunk = chunks[chunkCount - 1];
    int step = pgno - lastPgno;
    lastPgno = pgno;
    used = Bytes.putVarint(chunk, used, (long) frameSize << 1 | (step == 1 ? 0 : 1));
    if (step != 1) {
      used = Bytes.putVarint(chunk, used, step);
    }
  }

  private void startChunk() {
    int size = FIRST_CHUNK_BYTES;
    if (chunkCount > 0) {
      size = Math.min(LARGEST_CHUNK_BYTES, 2 * chunks[chunkCount - 1].length);
      chunks[chunkCount - 1] = Arrays.copyOf(chunks[chunkCount - 1], used);
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
    }
    chunks[chunkCount++] = new byte[size];
    used = 0;
  }

  Reader reader() {
    return new Reader();
  }

  /** Goes through the frames in the order they were added. */
  final class Reader {

    private int chunk;
    private int position;
    private int pgno;
    private int frameSize;

    /** Moves to the next frame; false after the last. */
    boolean next() {
      if (chunk < chunkCount && position == end(chunk)) {
        chunk++;
        position = 0;
      }
      if (chunk >= chunkCount) {
        return false;
      }
      long entry = varint();
      frameSize = (int) (entry >>> 1);
      pgno += (entry & 1) == 0 ? 1 : (int) varint();
      return true;
    }

    int pgno() {
      return pgno;
    }

    int frameSize() {
      return frameSize;
    }

    private int end(int index) {
      return index == chunkCount - 1 ? used : chunks[index].length;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = chunks[chunk][position++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}

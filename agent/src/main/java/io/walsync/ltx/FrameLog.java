package io.walsync.ltx;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers number and size of every page frame written, for the page index at the end of the file.
 * It takes about two bytes a page: for each frame its size and, if the page number did not grow by
 * 1, the step. With a {@link LtxSpill}, what exceeds {@link #MAX_CHUNKS} chunks goes there.
 */
final class FrameLog {

  /**
   * Size of the first chunk: most files hold a page or two. Each chunk is twice the one before, up
   * to the largest.
   */
  private static final int FIRST_CHUNK_BYTES = 128;

  private static final int LARGEST_CHUNK_BYTES = 16 * 1024;

  /** 1 MiB: half a million pages. */
  static final int MAX_CHUNKS = 64;

  private final @Nullable LtxSpill spill;

  /** Bytes that went there; entries never straddle two pieces either. */
  private long spilledBytes;

  private byte[][] chunks = new byte[4][];
  private int chunkCount;

  /** Bytes used of the newest chunk; entries never straddle two. */
  private int used;

  private int lastPgno;

  FrameLog() {
    this(null);
  }

  /**
   * @param spill null to keep all in memory
   */
  FrameLog(@Nullable LtxSpill spill) {
    this.spill = spill;
  }

  void add(int pgno, int frameSize) throws IOException {
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

  private void startChunk() throws IOException {
    if (spill != null && chunkCount == MAX_CHUNKS) {
      spill(spill);
    }
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

  private void spill(LtxSpill to) throws IOException {
    for (int i = 0; i < chunkCount; i++) {
      to.append(chunks[i], 0, end(i));
      spilledBytes += end(i);
    }
    chunkCount = 0;
    used = 0;
  }

  private int end(int index) {
    return index == chunkCount - 1 ? used : chunks[index].length;
  }

  Reader reader() {
    return new Reader();
  }

  /** Goes through the frames in the order they were added. */
  final class Reader {

    /** The chunk to be read after the piece. */
    private int chunk;

    private long spillOffset;
    private byte[] piece = new byte[0];
    private int limit;
    private int position;
    private int pgno;
    private int frameSize;

    /** Moves to the next frame; false after the last. */
    boolean next() throws IOException {
      if (spillOffset < spilledBytes && limit - position < 2 * Bytes.MAX_VARINT_SIZE) {
        readSpilled();
      }
      if (position == limit) {
        if (chunk == chunkCount) {
          return false;
        }
        limit = end(chunk);
        piece = chunks[chunk++];
        position = 0;
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

    private void readSpilled() throws IOException {
      assert spill != null : "something went there";
      byte[] next = new byte[LARGEST_CHUNK_BYTES];
      int rest = limit - position;
      System.arraycopy(piece, position, next, 0, rest);
      int count = (int) Math.min(next.length - rest, spilledBytes - spillOffset);
      byte[] read = new byte[count];
      spill.read(spillOffset, read, count);
      System.arraycopy(read, 0, next, rest, count);
      spillOffset += count;
      piece = next;
      position = 0;
      limit = rest + count;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = piece[position++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}

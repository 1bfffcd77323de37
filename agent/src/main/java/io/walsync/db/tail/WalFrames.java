package io.walsync.db.tail;

import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a WAL, and proves them by salt and cumulative checksum up to the checksum of
 * SQLite's count.
 *
 * <p>Threading: one thread at a time.
 */
final class WalFrames {

  /**
   * Bytes read at once: large enough to make system calls cheap, small enough to stay in the cache.
   */
  private static final int CHUNK_BYTES = 256 * 1024;

  /** Most looks find a commit of a few pages; the large chunk is for threads that found more. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  /** One for each of the agent's few threads rather than for each of its many databases. */
  private static final ThreadLocal<byte[]> CHUNKS = new ThreadLocal<>();

  /** What was read from a position to the end of the count. */
  static final class Commits {
    private final PageOffsets pages = new PageOffsets();
    private int lastPageCount;
    private int leastPageCount = Integer.MAX_VALUE;
    private int commitCount;
    private int repeatedCount;
    private WalPosition end;

    private Commits(WalPosition from) {
      this.end = from;
    }

    private void add(int pageCount, boolean isRepeated) {
      commitCount++;
      leastPageCount = Math.min(leastPageCount, pageCount);
      repeatedCount += isRepeated ? 1 : 0;
    }

    /** Where the newest version of each page stands. */
    PageOffsets pages() {
      return pages;
    }

    /** The size of the database after the last of them. */
    int lastPageCount() {
      return lastPageCount;
    }

    /** The least size of the database after any of them. */
    int leastPageCount() {
      return leastPageCount;
    }

    /** Frames with a commit mark. */
    int commitCount() {
      return commitCount;
    }

    /** Of those, how many only repeat the one before. */
    int repeatedCount() {
      return repeatedCount;
    }

    /** Behind the last of them. */
    WalPosition end() {
      return end;
    }
  }

  private final WalFile wal;
  private final int pageSize;
  private final int frameSize;
  private final byte[] head = new byte[WalHeader.SIZE];

  WalFrames(WalFile wal, int pageSize) {
    this.wal = wal;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
  }

  /** Bytes, its header included. */
  int frameSize() {
    return frameSize;
  }

  /** The header as it stands now; null if there is none, or one of another page size. */
  @Nullable WalHeader header() throws IOException {
    if (wal.read(0, head, head.length) < head.length) {
      return null;
    }
    try {
      WalHeader parsed = WalHeader.parse(head);
      return parsed.pageSize() == pageSize ? parsed : null;
    } catch (WalFormatException notWritten) {
      return null;
    }
  }

  /**
   * Reads from a position to the end of the count.
   *
   * @param header of the run that both are in
   * @return null if the frames there are not those that were counted
   */
  @Nullable Commits read(WalHeader header, WalPosition from, WalCount count) throws IOException {
    Commits found = new Commits(from);
    byte[] chunk = chunk(FIRST_CHUNK_BYTES);
    long offset = from.offset();
    long checksum = from.checksum();
    long end = WalPosition.FIRST_FRAME + count.frameCount() * frameSize;
    byte @Nullable [] last = null;
    while (offset < end) {
      int wholeFrames = chunk.length / frameSize * frameSize;
      int chunkBytes = (int) Math.min(wholeFrames, end - offset);
      if (wal.read(offset, chunk, chunkBytes) < chunkBytes) {
        return null;
      }
      for (int at = 0; at < chunkBytes; at += frameSize) {
        if (!WalFrameHeader.isValid(header, checksum, chunk, at)) {
          return null;
        }
        found.lastPageCount = WalFrameHeader.commit(chunk, at);
        if (found.lastPageCount != 0) {
          found.add(found.lastPageCount, isRepeated(last, chunk, at));
        }
        found.pages.put(WalFrameHeader.pgno(chunk, at), offset);
        checksum = WalFrameHeader.checksum(chunk, at);
        offset += frameSize;
      }
      if (offset < end) {
        last = Arrays.copyOfRange(chunk, chunkBytes - frameSize, chunkBytes);
      }
      chunk = chunk(CHUNK_BYTES);
    }
    if (checksum != count.frameChecksum() || found.lastPageCount == 0) {
      return null;
    }
    found.end = new WalPosition(count.salt1(), count.salt2(), offset, checksum);
    return found;
  }

  /**
   * @param last the frame before the chunk; null if there is none
   */
  private boolean isRepeated(byte @Nullable [] last, byte[] chunk, int at) {
    return at > 0
        ? isRepeated(chunk, at - frameSize, chunk, at, frameSize)
        : last != null && isRepeated(last, 0, chunk, 0, frameSize);
  }

  /** Whether a commit's frame is another one once more. */
  static boolean isRepeated(byte[] before, int beforeAt, byte[] chunk, int at, int frameSize) {
    if (WalFrameHeader.pgno(before, beforeAt) != WalFrameHeader.pgno(chunk, at)
        || WalFrameHeader.commit(before, beforeAt) != WalFrameHeader.commit(chunk, at)) {
      return false;
    }
    for (int i = WalFrameHeader.SIZE; i < frameSize; i++) {
      if (before[beforeAt + i] != chunk[at + i]) {
        return false;
      }
    }
    return true;
  }

  private byte[] chunk(int bytes) {
    byte[] chunk = CHUNKS.get();
    if (chunk == null || chunk.length < Math.max(bytes, frameSize)) {
      chunk = new byte[Math.max(bytes, frameSize)];
      CHUNKS.set(chunk);
    }
    return chunk;
  }

  /** Whether a header, null for none, is that of the position's run. */
  static boolean isBefore(@Nullable WalHeader header, WalPosition position) {
    return header != null
        && header.salt1() == position.salt1()
        && header.salt2() == position.salt2();
  }

  /** Whether the frame before a position is the one that stood there as it was captured. */
  boolean endsWith(WalHeader header, WalPosition position) throws IOException {
    if (position.offset() <= WalPosition.FIRST_FRAME) {
      return header.checksum() == position.checksum();
    }
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(position.offset() - frameSize, frame, frame.length) == frame.length
        && isOfRun(frame, position)
        && WalFrameHeader.checksum(frame, 0) == position.checksum();
  }

  /** Whether a frame of the position's run stands behind it. */
  boolean isAnyAt(WalPosition position) throws IOException {
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(position.offset(), frame, frame.length) == frame.length
        && isOfRun(frame, position);
  }

  private static boolean isOfRun(byte[] frame, WalPosition position) {
    return WalFrameHeader.salt1(frame, 0) == position.salt1()
        && WalFrameHeader.salt2(frame, 0) == position.salt2();
  }

  /**
   * Finds the newest frames of some pages among all frames before a position.
   *
   * @param pgnos ascending
   */
  PageOffsets findBefore(WalPosition end, int[] pgnos) throws IOException {
    PageOffsets found = new PageOffsets();
    byte[] frame = new byte[WalFrameHeader.SIZE];
    for (long at = WalPosition.FIRST_FRAME; at < end.offset(); at += frameSize) {
      if (wal.read(at, frame, frame.length) < frame.length) {
        break;
      }
      int pgno = WalFrameHeader.pgno(frame, 0);
      if (Arrays.binarySearch(pgnos, pgno) >= 0) {
        found.put(pgno, at);
      }
    }
    return found;
  }
}

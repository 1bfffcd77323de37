package io.walsync.db.tail;

import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ends of the commits that stand in the WAL behind a place, as far as they were read, and how
 * many of them SQLite must have counted, whatever it is doing now: a commit that it has not counted
 * is the last in the WAL, since the next begins where the last counted one ends, with its checksum.
 *
 * <p>Threading: one thread at a time.
 */
final class CommitMarks {

  private static final int CHUNK_BYTES = 256 * 1024;

  /** Most looks find a commit of a few pages. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  private static final long NONE = -1;

  /** The end of a commit. */
  static final class Mark {
    final long offset;
    final long checksum;
    final int pageCount;

    Mark(long offset, long checksum, int pageCount) {
      this.offset = offset;
      this.checksum = checksum;
      this.pageCount = pageCount;
    }

    boolean isSame(@Nullable Mark other) {
      return other != null && offset == other.offset && checksum == other.checksum;
    }
  }

  private final @Nullable WalHeader run;
  private final int frameSize;

  /** Of the first commit that is not taken yet and those behind it. */
  private int count;

  /** How many marks the last commit has: some file systems have SQLite repeat its last frame. */
  private int lastCount;

  private Mark last;
  private Mark beforeLast;

  /** Of the first frame behind each of the two; {@link #NONE} if none was read. */
  private long checksumBehindLast = NONE;

  private long checksumBehindBeforeLast = NONE;

  /** Where reading goes on, and the frame before that. */
  private long readOffset;

  private long readChecksum;
  private byte @Nullable [] lastFrame;

  /**
   * @param run null for a WAL without a frame
   */
  CommitMarks(@Nullable WalHeader run, Mark from, int frameSize) {
    this.run = run;
    this.frameSize = frameSize;
    this.last = from;
    this.beforeLast = from;
    this.readOffset = from.offset;
    this.readChecksum = from.checksum;
  }

  @Nullable WalHeader run() {
    return run;
  }

  /** Whether they are of the run that a header, null for none, is of. */
  boolean isOf(@Nullable WalHeader header) {
    return header != null && run != null && run.hasSaltsOf(header);
  }

  /** The commit marks that are not taken yet. */
  int count() {
    return count;
  }

  /** Those of them that belong to the last commit. */
  int lastCount() {
    return lastCount;
  }

  /** Where the last commit ends; where everything began if there is none. */
  Mark last() {
    return last;
  }

  /** Where the one before ends. */
  Mark beforeLast() {
    return beforeLast;
  }

  // ---- what must have been counted

  /** Whether a frame stands behind the last commit, which then counts. */
  private boolean isLastProved() {
    return checksumBehindLast != NONE;
  }

  /** Where the last commit ends that must have been counted. */
  Mark proved() {
    return isLastProved() ? last : beforeLast;
  }

  /** Takes those that must have been counted; returns how many marks they have. */
  int takeProved() {
    int taken = isLastProved() ? count : count - lastCount;
    count -= taken;
    if (isLastProved()) {
      beforeLast = last;
      checksumBehindBeforeLast = checksumBehindLast;
      lastCount = 0;
    }
    return taken;
  }

  // ---- reading

  /** Whether what was read behind the last counted commit has not been written over since. */
  boolean isInPlace(WalFile wal) throws IOException {
    long known = isLastProved() ? checksumBehindLast : checksumBehindBeforeLast;
    if (known == NONE) {
      return true;
    }
    byte[] header = new byte[WalFrameHeader.SIZE];
    return wal.read(proved().offset, header, header.length) == header.length
        && WalFrameHeader.checksum(header, 0) == known;
  }

  /**
   * Goes on where the last reading ended. Only for a WAL that has a frame.
   *
   * @param limit where to end at the latest
   * @param first for the first frames; holds one at least
   */
  void read(WalFile wal, long limit, byte[] first) throws IOException {
    WalHeader header = run;
    assert header != null : "there is no frame to read";
    byte[] chunk = first;
    while (true) {
      int bytes = wal.read(readOffset, chunk, chunk.length) / frameSize * frameSize;
      for (int at = 0; at < bytes; at += frameSize) {
        if (readOffset >= limit || !WalFrameHeader.isValid(header, readChecksum, chunk, at)) {
          keepLastFrame(chunk, at);
          return;
        }
        take(chunk, at);
      }
      keepLastFrame(chunk, bytes);
      if (bytes < chunk.length) {
        return;
      }
      chunk = chunk == first ? new byte[wholeFrames(CHUNK_BYTES, frameSize)] : chunk;
    }
  }

  private void keepLastFrame(byte[] chunk, int end) {
    if (end > 0) {
      lastFrame = Arrays.copyOfRange(chunk, end - frameSize, end);
    }
  }

  private void take(byte[] chunk, int at) {
    long checksum = WalFrameHeader.checksum(chunk, at);
    boolean isBehindLast = readOffset == last.offset;
    int pageCount = WalFrameHeader.commit(chunk, at);
    readOffset += frameSize;
    readChecksum = checksum;
    if (pageCount != 0 && count > 0 && isBehindLast && isRepeated(chunk, at)) {
      last = new Mark(readOffset, checksum, pageCount);
      count++;
      lastCount++;
      return;
    }
    if (isBehindLast) {
      checksumBehindLast = checksum;
    }
    if (pageCount != 0) {
      beforeLast = last;
      checksumBehindBeforeLast = checksumBehindLast;
      checksumBehindLast = NONE;
      last = new Mark(readOffset, checksum, pageCount);
      count++;
      lastCount = 1;
    }
  }

  private boolean isRepeated(byte[] chunk, int at) {
    return at > 0
        ? WalFrames.isRepeated(chunk, at - frameSize, chunk, at, frameSize)
        : lastFrame != null && WalFrames.isRepeated(lastFrame, 0, chunk, 0, frameSize);
  }

  /** For {@link #read}. */
  static byte[] firstChunk(int frameSize) {
    return new byte[wholeFrames(FIRST_CHUNK_BYTES, frameSize)];
  }

  private static int wholeFrames(int bytes, int frameSize) {
    return Math.max(1, bytes / frameSize) * frameSize;
  }
}

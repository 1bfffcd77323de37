package io.walsync.capture;

import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import java.io.IOException;
import java.util.Arrays;

/**
 * Follows the end of a WAL: reads each new frame once, proves it by salt and cumulative checksum,
 * and collects the newest version of every page up to the last commit.
 *
 * <p>Invariants: what {@link #batch()} shows ends at a commit; frames of an unfinished transaction
 * are never in it. A frame whose salt or checksum does not fit is not an error but the end of the
 * WAL.
 *
 * <p>Threading: one thread at a time.
 */
public final class WalTail {

  /** What a look at the WAL found. */
  public enum Advance {
    /** No new commit since the last look. */
    NOTHING,
    /** New commits, which the batch now includes. */
    COMMITS,
    /** The WAL begins anew (other salts than those of our position) or its past was rewritten. */
    RESTARTED,
    /** There is no WAL, or it is empty. */
    EMPTY
  }

  /**
   * Bytes read at once: large enough to make system calls cheap, small enough to stay in the cache.
   */
  private static final int CHUNK_BYTES = 256 * 1024;

  /** Most looks find a commit of a few pages; the large chunk is for threads that found more. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  /** Where the WAL header keeps the salts of the present run. */
  private static final int SALT1_OFFSET = 16;

  private static final int SALT2_OFFSET = 20;

  /** One for each of the agent's few threads rather than for each of its many databases. */
  private static final ThreadLocal<byte[]> CHUNKS = new ThreadLocal<>();

  /** An unfinished transaction up to this size is read again at every look. */
  private static final long CHEAP_RESCAN_BYTES = 1 << 20;

  /** A larger one is read again so seldom that it costs a twentieth of a core. */
  private static final long RESCAN_PAUSE_FACTOR = 20;

  private final WalFile wal;
  private final int pageSize;
  private final int frameSize;
  private final byte[] head = new byte[WalHeader.SIZE];

  private WalHeader header;
  private final PageOffsets batchPages = new PageOffsets();
  private WalPosition batchStart;
  private WalPosition batchEnd;
  private int commit;

  /** Frames after {@link #batchEnd} that no commit has confirmed yet. */
  private final PageOffsets openPages = new PageOffsets();

  private long openOffset;
  private long openChecksum;
  private long rescanAtNanos = System.nanoTime();

  public WalTail(WalFile wal, int pageSize) {
    this.wal = wal;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
  }

  /**
   * Starts at the first frame of the WAL that stands there now, or else of the one that will.
   *
   * @return false if there is no WAL with a valid header for this page size yet
   */
  public boolean startAtBeginning() throws IOException {
    header = readHeader();
    if (header == null) {
      batchStart = null;
      batchEnd = null;
      batchPages.clear();
      openPages.clear();
      return false;
    }
    moveTo(
        new WalPosition(
            header.salt1(), header.salt2(), WalPosition.FIRST_FRAME, header.checksum()));
    return true;
  }

  /**
   * Starts at a position captured earlier, if the WAL still holds exactly what it held then.
   *
   * @return false if the WAL is gone, begins anew or differs before the position
   */
  public boolean startAt(WalPosition position) throws IOException {
    header = readHeader();
    if (header == null
        || header.salt1() != position.salt1()
        || header.salt2() != position.salt2()
        || !endsWith(position.offset(), position.checksum())) {
      return false;
    }
    moveTo(position);
    return true;
  }

  /**
   * Starts at the first frame of the WAL that stands there now, if it was made by restarting the
   * one of {@code ended} exactly once.
   */
  public boolean startAtRunAfter(WalPosition ended) throws IOException {
    WalHeader now = readHeader();
    return now != null && now.salt1() == ended.salt1() + 1 && startAtBeginning();
  }

  private void moveTo(WalPosition position) {
    batchStart = position;
    batchEnd = position;
    batchPages.clear();
    forgetOpenFrames();
  }

  private void forgetOpenFrames() {
    openPages.clear();
    openOffset = batchEnd.offset();
    openChecksum = batchEnd.checksum();
  }

  /**
   * Looks for new frames and takes in those that commits have confirmed. A commit that was written
   * over a rolled-back transaction of more than {@link #CHEAP_RESCAN_BYTES} may be found only by a
   * later look.
   */
  public Advance advance() throws IOException {
    return advance(false);
  }

  /** As {@link #advance}, and finds every commit; reads an unfinished transaction again for it. */
  public Advance advanceToEnd() throws IOException {
    return advance(true);
  }

  private Advance advance(boolean isToEnd) throws IOException {
    if (batchEnd == null && !startAtBeginning()) {
      return Advance.EMPTY;
    }
    int count = wal.read(0, head, head.length);
    if (count < head.length) {
      return Advance.EMPTY;
    }
    if (!isHeadOfPosition()) {
      return Advance.RESTARTED;
    }
    if (!endsWith(openOffset, openChecksum)) {
      forgetOpenFrames();
      if (!endsWith(openOffset, openChecksum)) {
        return Advance.RESTARTED;
      }
    }
    boolean isContinuing = openOffset > batchEnd.offset();
    boolean hasCommits = readFrames();
    if (!hasCommits && isContinuing && (isToEnd || isRescanDue())) {
      hasCommits = rescan();
    }
    return hasCommits ? Advance.COMMITS : Advance.NOTHING;
  }

  /**
   * Reads the unfinished transaction again from its beginning. It may have been rolled back and
   * another written over its first frames, shorter than the first, so that the last frame we know
   * still stands.
   */
  private boolean rescan() throws IOException {
    long start = System.nanoTime();
    forgetOpenFrames();
    boolean hasCommits = readFrames();
    long now = System.nanoTime();
    rescanAtNanos = now + (now - start) * RESCAN_PAUSE_FACTOR;
    return hasCommits;
  }

  private boolean isRescanDue() {
    return openOffset - batchEnd.offset() <= CHEAP_RESCAN_BYTES
        || System.nanoTime() - rescanAtNanos >= 0;
  }

  private boolean isHeadOfPosition() {
    return intAt(head, SALT1_OFFSET) == batchEnd.salt1()
        && intAt(head, SALT2_OFFSET) == batchEnd.salt2();
  }

  private boolean readFrames() throws IOException {
    byte[] chunk = chunk(FIRST_CHUNK_BYTES);
    int chunkBytes = chunk.length / frameSize * frameSize;
    boolean hasCommits = false;
    while (true) {
      int available = wal.read(openOffset, chunk, chunkBytes);
      int at = 0;
      for (; at + frameSize <= available; at += frameSize) {
        if (!WalFrameHeader.isValid(header, openChecksum, chunk, at)) {
          return hasCommits;
        }
        openPages.put(WalFrameHeader.pgno(chunk, at), openOffset);
        openOffset += frameSize;
        openChecksum = WalFrameHeader.checksum(chunk, at);
        int commitPageCount = WalFrameHeader.commit(chunk, at);
        if (commitPageCount != 0) {
          confirm(commitPageCount);
          hasCommits = true;
        }
      }
      if (available < chunkBytes) {
        return hasCommits;
      }
      chunk = chunk(CHUNK_BYTES);
      chunkBytes = chunk.length / frameSize * frameSize;
    }
  }

  private byte[] chunk(int bytes) {
    byte[] chunk = CHUNKS.get();
    if (chunk == null || chunk.length < Math.max(bytes, frameSize)) {
      chunk = new byte[Math.max(bytes, frameSize)];
      CHUNKS.set(chunk);
    }
    return chunk;
  }

  private void confirm(int commitPageCount) {
    batchPages.putAll(openPages);
    openPages.clear();
    commit = commitPageCount;
    batchEnd = new WalPosition(batchEnd.salt1(), batchEnd.salt2(), openOffset, openChecksum);
  }

  private boolean endsWith(long offset, long checksum) throws IOException {
    if (offset <= WalPosition.FIRST_FRAME) {
      return header.checksum() == checksum;
    }
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(offset - frameSize, frame, frame.length) == frame.length
        && WalFrameHeader.salt1(frame, 0) == header.salt1()
        && WalFrameHeader.salt2(frame, 0) == header.salt2()
        && WalFrameHeader.checksum(frame, 0) == checksum;
  }

  private WalHeader readHeader() throws IOException {
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
   * Whether the WAL still is the one the batch was read from: nothing in the batch has been
   * overwritten.
   */
  public boolean isIntact() throws IOException {
    byte[] now = new byte[WalHeader.SIZE];
    return batchEnd != null
        && wal.read(0, now, now.length) == now.length
        && intAt(now, SALT1_OFFSET) == batchEnd.salt1()
        && intAt(now, SALT2_OFFSET) == batchEnd.salt2();
  }

  /** Whether the WAL that stands there now was made by restarting ours in place exactly once. */
  public boolean isNextRun() throws IOException {
    WalHeader now = readHeader();
    return now != null && now.salt1() == batchEnd.salt1() + 1;
  }

  /** What has been committed since the batch was last taken. */
  public WalBatch batch() {
    return new WalBatch(batchPages, commit, batchStart, batchEnd);
  }

  public boolean hasBatch() {
    return batchPages.size() > 0;
  }

  /** The batch is safe elsewhere; the next one begins where it ended. */
  public void taken() {
    batchPages.clear();
    batchStart = batchEnd;
  }

  /** Where the last commit ends. */
  public WalPosition position() {
    return batchEnd;
  }

  /** Bytes of frames in this run of the WAL up to the last commit. */
  public long runBytes() {
    return batchEnd == null ? 0 : batchEnd.offset() - WalPosition.FIRST_FRAME;
  }

  /** Frames in this run of the WAL up to the last commit: SQLite's mxFrame, if nothing is newer. */
  public long frameCount() {
    return runBytes() / frameSize;
  }

  /**
   * Finds the newest frames of some pages among all frames before the batch.
   *
   * @param pgnos ascending
   */
  public PageOffsets findBefore(WalPosition end, int[] pgnos) throws IOException {
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

  private static int intAt(byte[] bytes, int offset) {
    return bytes[offset] << 24
        | (bytes[offset + 1] & 0xff) << 16
        | (bytes[offset + 2] & 0xff) << 8
        | bytes[offset + 3] & 0xff;
  }
}

package io.walsync.capture;

import io.walsync.wal.WalChecksum;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import java.io.IOException;
import java.util.Arrays;

/**
 * Follows the end of a WAL: reads each new frame once, proves it by salt and cumulative checksum, and collects the newest version of
 * every page up to the last commit.
 *
 * <p>Invariants: what {@link #batch()} shows ends at a commit; frames of an unfinished transaction are never in it. A frame whose salt or
 * checksum does not fit is not an error but the end of the WAL.
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

  /** Bytes read at once: large enough to make system calls cheap, small enough to stay in the cache. */
  private static final int CHUNK_BYTES = 256 * 1024;

  private final WalFile wal;
  private final int pageSize;
  private final int frameSize;
  private final byte[] head = new byte[WalHeader.SIZE];
  private byte[] chunk;

  private WalHeader header;
  private final PageOffsets batchPages = new PageOffsets();
  private WalPosition batchStart;
  private WalPosition batchEnd;
  private int commit;

  /** Frames after {@link #batchEnd} that no commit has confirmed yet. */
  private final PageOffsets openPages = new PageOffsets();

  private long openOffset;
  private final int[] openChecksum = new int[2];

  public WalTail(WalFile wal, int pageSize) {
    this.wal = wal;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
  }

  /**
   * Starts at the first frame of the WAL that stands there now.
   *
   * @return false if there is no WAL with a valid header for this page size
   */
  public boolean startAtBeginning() throws IOException {
    header = readHeader();
    if (header == null) {
      return false;
    }
    moveTo(
        new WalPosition(
            header.salt1(),
            header.salt2(),
            WalPosition.FIRST_FRAME,
            header.checksum1(),
            header.checksum2()));
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
        || !endsWith(position.offset(), position.checksum1(), position.checksum2())) {
      return false;
    }
    moveTo(position);
    return true;
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
    openChecksum[0] = batchEnd.checksum1();
    openChecksum[1] = batchEnd.checksum2();
  }

  /** Looks for new frames and takes in those that commits have confirmed. */
  public Advance advance() throws IOException {
    int count = wal.read(0, head, head.length);
    if (count < head.length) {
      return Advance.EMPTY;
    }
    if (!isHeadOfPosition()) {
      return Advance.RESTARTED;
    }
    if (!endsWith(openOffset, openChecksum[0], openChecksum[1])) {
      // An unfinished transaction was rolled back and its frames overwritten.
      forgetOpenFrames();
      if (!endsWith(openOffset, openChecksum[0], openChecksum[1])) {
        return Advance.RESTARTED;
      }
    }
    return readFrames() ? Advance.COMMITS : Advance.NOTHING;
  }

  private boolean isHeadOfPosition() {
    return intAt(head, WalHeader.SALT1_OFFSET) == batchEnd.salt1()
        && intAt(head, WalHeader.SALT1_OFFSET + 4) == batchEnd.salt2();
  }

  private boolean readFrames() throws IOException {
    if (chunk == null) {
      chunk = new byte[Math.max(1, CHUNK_BYTES / frameSize) * frameSize];
    }
    boolean hasCommits = false;
    int[] checksum = {openChecksum[0], openChecksum[1]};
    while (true) {
      int available = wal.read(openOffset, chunk, chunk.length);
      int at = 0;
      for (; at + frameSize <= available; at += frameSize) {
        if (!isNextFrame(at, checksum)) {
          return hasCommits;
        }
        openPages.put(intAt(chunk, at), openOffset);
        openOffset += frameSize;
        openChecksum[0] = checksum[0];
        openChecksum[1] = checksum[1];
        int commitPageCount = intAt(chunk, at + 4);
        if (commitPageCount != 0) {
          confirm(commitPageCount);
          hasCommits = true;
        }
      }
      if (available < chunk.length) {
        return hasCommits;
      }
    }
  }

  /** Whether the frame at {@code at} continues the chain; leaves the running checksum behind it. */
  private boolean isNextFrame(int at, int[] checksum) {
    if (intAt(chunk, at + 8) != batchEnd.salt1() || intAt(chunk, at + 12) != batchEnd.salt2()) {
      return false;
    }
    boolean isBigEndian = header.isBigEndian();
    WalChecksum.update(checksum, chunk, at, 8, isBigEndian);
    WalChecksum.update(checksum, chunk, at + WalFrameHeader.SIZE, pageSize, isBigEndian);
    return checksum[0] == intAt(chunk, at + 16) && checksum[1] == intAt(chunk, at + 20);
  }

  private void confirm(int commitPageCount) {
    batchPages.putAll(openPages);
    openPages.clear();
    commit = commitPageCount;
    batchEnd =
        new WalPosition(
            batchEnd.salt1(), batchEnd.salt2(), openOffset, openChecksum[0], openChecksum[1]);
  }

  private boolean endsWith(long offset, int checksum1, int checksum2) throws IOException {
    if (offset <= WalPosition.FIRST_FRAME) {
      return header.checksum1() == checksum1 && header.checksum2() == checksum2;
    }
    byte[] frame = new byte[WalFrameHeader.SIZE];
    return wal.read(offset - frameSize, frame, frame.length) == frame.length
        && intAt(frame, 8) == header.salt1()
        && intAt(frame, 12) == header.salt2()
        && intAt(frame, 16) == checksum1
        && intAt(frame, 20) == checksum2;
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

  /** Whether the WAL still is the one the batch was read from: nothing in the batch has been overwritten. */
  public boolean isIntact() throws IOException {
    byte[] now = new byte[WalHeader.SIZE];
    return batchEnd != null
        && wal.read(0, now, now.length) == now.length
        && intAt(now, WalHeader.SALT1_OFFSET) == batchEnd.salt1()
        && intAt(now, WalHeader.SALT1_OFFSET + 4) == batchEnd.salt2();
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

  /**
   * Finds the newest frames of some pages among all frames before the batch.
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
      int pgno = intAt(frame, 0);
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

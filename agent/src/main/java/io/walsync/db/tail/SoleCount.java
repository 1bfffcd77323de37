package io.walsync.db.tail;

import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import io.walsync.wal.WalPosition;
import java.io.IOException;

/**
 * What SQLite counts as committed where it keeps its wal-index in memory: a database that one
 * connection has to itself ({@code locking_mode=EXCLUSIVE}).
 *
 * <p>A commit's frames stand in the WAL before they are counted, but only while a call of that
 * connection is running: what was read before a moment without one, or before the end of the call
 * that ran, is counted. Except after a call that failed (a full disk, an fsync): the last commit in
 * the WAL is then believed only once a later one has changed what stands there, or SQLite itself
 * has told its count in the answer to a checkpoint. At most one commit can be in doubt, since the
 * next writes over it.
 *
 * <p>Where the WAL has begun anew, nothing was missed if and only if the last checkpoint began with
 * nothing behind the last look.
 *
 * <p>Threading: one thread at a time.
 */
public final class SoleCount {

  private static final int CHUNK_BYTES = 256 * 1024;

  /** Most looks find a commit of a few pages. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  private static final long UNSETTLED = -1;

  private final SoleCalls calls;
  private final int pageSize;
  private final int frameSize;
  private final byte[] firstChunk;

  /** The run of the WAL that was looked at last; null for one without a frame. */
  private WalHeader run;

  private long end = WalPosition.FIRST_FRAME;
  private long endChecksum;
  private int endPageCount;
  private int changeCount;

  /** {@link #changeCount} before the first commit of the run. */
  private int runChangeCount;

  /** Whether nothing was missed before that. */
  private boolean isRunFollowed;

  /** Whether a look was settled. */
  private boolean isKnown;

  /** The clock as the WAL was seen to hold no frame. */
  private long emptyAt = UNSETTLED;

  /** {@link SoleCalls#endCount} at the last look that saw all there was, and the clock then. */
  private long settledEndCount = UNSETTLED;

  private long settledAt = UNSETTLED;

  /** The clock as the last checkpoint began of which it is known that a look had seen all. */
  private long provedCheckpointAt = UNSETTLED;

  /** The clock as the last look began. */
  private long lookedAt;

  /** Found while a call was running; counted once that has ended. */
  private Found pending;

  private long pendingClock;

  /** Failures up to this one are of no consequence any more. */
  private long overcomeFailureCount;

  /** The last commit in the WAL, whose call may have failed. */
  private Mark suspect;

  private long suspectFailureCount;
  private boolean isSuspectLeftOut;

  /** The end of a commit. */
  private static final class Mark {
    final long offset;
    final long checksum;
    final int pageCount;

    Mark(long offset, long checksum, int pageCount) {
      this.offset = offset;
      this.checksum = checksum;
      this.pageCount = pageCount;
    }

    boolean isSame(Mark other) {
      return other != null && offset == other.offset && checksum == other.checksum;
    }
  }

  /** What a look at the WAL found behind the end. */
  private static final class Found {
    final WalHeader run;
    final boolean isNewRun;
    boolean isTold;
    int markCount;

    /** How many marks the last commit has: some file systems have SQLite repeat its last frame. */
    int lastMarkCount;

    Mark last;
    Mark beforeLast;

    Found(WalHeader run, boolean isNewRun, Mark from) {
      this.run = run;
      this.isNewRun = isNewRun;
      this.last = from;
      this.beforeLast = from;
    }

    void add(Mark mark, boolean isRepeated) {
      if (!isRepeated) {
        beforeLast = last;
        lastMarkCount = 0;
      }
      last = mark;
      markCount++;
      lastMarkCount++;
    }
  }

  public SoleCount(SoleCalls calls, int pageSize) {
    this.calls = calls;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
    this.firstChunk = new byte[wholeFrames(FIRST_CHUNK_BYTES)];
  }

  /**
   * What is counted now. Reads the WAL only if something can have been committed.
   *
   * @return null while it is not known: at each look so far, a call was running
   */
  public WalCount count(WalFile wal) throws IOException {
    long before = calls.clock();
    long endCount = calls.endCount();
    lookedAt = before;
    if (settledAt >= 0 && calls.checkpointAt() == settledAt) {
      provedCheckpointAt = settledAt;
    }
    if (pending != null && before > pendingClock) {
      take(pending);
      pending = null;
    }
    if (pending != null || endCount != settledEndCount || isSuspectTold()) {
      Found found = look(wal, isSuspectTold());
      long after = calls.clock();
      boolean isSettled = isQuiet(before) && before == after;
      if (isSettled) {
        take(found);
        pending = null;
        settledEndCount = endCount;
        emptyAt = run == null ? before : UNSETTLED;
      } else if (found.run != null) {
        pending = found;
        pendingClock = after;
        if (isQuiet(after)) {
          take(found);
          pending = null;
        }
        settledEndCount = UNSETTLED;
      }
      settledAt = isSettled ? before : UNSETTLED;
    } else if (isQuiet(before)) {
      settledAt = before;
    }
    if (!isKnown) {
      return null;
    }
    return WalCount.of(
        changeCount,
        pageSize,
        (end - WalPosition.FIRST_FRAME) / frameSize,
        endPageCount,
        run,
        endChecksum);
  }

  private static boolean isQuiet(long clock) {
    return (clock & 1) == 0;
  }

  /**
   * Whether nothing was committed between a place and the beginning of the run.
   *
   * @param placeChangeCount {@link WalCount#changeCount} at the place, which is not in the run
   */
  boolean isRunFollowedFrom(int placeChangeCount) {
    return isRunFollowed && placeChangeCount == runChangeCount;
  }

  /** Whether no checkpoint has begun since the last look. */
  public boolean isUndisturbed() {
    return calls.checkpointAt() < lookedAt;
  }

  /** Whether a commit stands in the WAL of which it is not known whether it counts. */
  public boolean isInDoubt() {
    return isSuspectLeftOut;
  }

  /** Whether SQLite has told its count since the suspect was met. */
  private boolean isSuspectTold() {
    return isSuspectLeftOut && calls.checkpointedFrameCount() >= 0;
  }

  // ---- what counts

  private void take(Found found) {
    if (found.isNewRun) {
      enter(found.run);
    }
    boolean isLastBelieved = found.isTold || isBelieved(found);
    // In the answer to a checkpoint, what was left out does not count.
    isSuspectLeftOut = !isLastBelieved && found.markCount > 0;
    Mark counted = isLastBelieved ? found.last : found.beforeLast;
    isKnown = true;
    changeCount += isLastBelieved ? found.markCount : found.markCount - found.lastMarkCount;
    end = counted.offset;
    endChecksum = counted.checksum;
    endPageCount = counted.pageCount;
  }

  private void enter(WalHeader newRun) {
    // What came before the first look, the tail knows.
    long checkpointAt = calls.checkpointAt();
    boolean isNothingMissed =
        !isKnown
            || provedCheckpointAt >= 0 && checkpointAt == provedCheckpointAt
            || emptyAt >= 0 && checkpointAt < emptyAt;
    // What was missed makes one change at least.
    changeCount += isNothingMissed ? 0 : 1;
    isRunFollowed = isNothingMissed;
    runChangeCount = changeCount;
    run = newRun;
    suspect = null;
  }

  private boolean isBelieved(Found found) {
    long failureCount = calls.failureCount();
    if (failureCount == overcomeFailureCount) {
      return true;
    }
    boolean isOvercome =
        suspect != null && suspectFailureCount == failureCount && !found.last.isSame(suspect);
    if (isOvercome) {
      overcomeFailureCount = failureCount;
      suspect = null;
      return true;
    }
    suspect = found.last;
    suspectFailureCount = failureCount;
    return false;
  }

  // ---- looks

  /**
   * @param isTold whether SQLite has told how many frames it counts
   */
  private Found look(WalFile wal, boolean isTold) throws IOException {
    WalHeader header = header(wal);
    boolean isNewRun = header == null ? run != null : run == null || !run.hasSaltsOf(header);
    Found found =
        isNewRun
            ? new Found(
                header,
                true,
                new Mark(WalPosition.FIRST_FRAME, header == null ? 0 : header.checksum(), 0))
            : new Found(run, false, new Mark(end, endChecksum, endPageCount));
    found.isTold = isTold && !isNewRun;
    if (header != null) {
      long limit =
          found.isTold
              ? WalPosition.FIRST_FRAME + calls.checkpointedFrameCount() * frameSize
              : Long.MAX_VALUE;
      read(wal, header, found, limit);
    }
    return found;
  }

  private void read(WalFile wal, WalHeader header, Found found, long limit) throws IOException {
    byte[] chunk = firstChunk;
    long offset = found.last.offset;
    long checksum = found.last.checksum;
    int count = chunk.length;
    while (count == chunk.length) {
      count = wal.read(offset, chunk, chunk.length) / frameSize * frameSize;
      for (int at = 0; at < count; at += frameSize) {
        boolean isThere = offset < limit && WalFrameHeader.isValid(header, checksum, chunk, at);
        if (!isThere) {
          return;
        }
        checksum = WalFrameHeader.checksum(chunk, at);
        offset += frameSize;
        int pageCount = WalFrameHeader.commit(chunk, at);
        if (pageCount != 0) {
          boolean isRepeated =
              at > 0 && WalFrames.isRepeated(chunk, at - frameSize, chunk, at, frameSize);
          found.add(new Mark(offset, checksum, pageCount), isRepeated);
        }
      }
      if (count == chunk.length && chunk == firstChunk) {
        chunk = new byte[wholeFrames(CHUNK_BYTES)];
        count = chunk.length;
      }
    }
  }

  private int wholeFrames(int bytes) {
    return Math.max(1, bytes / frameSize) * frameSize;
  }

  private WalHeader header(WalFile wal) throws IOException {
    byte[] head = new byte[WalHeader.SIZE];
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
}

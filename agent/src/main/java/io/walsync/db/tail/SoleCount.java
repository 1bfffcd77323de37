package io.walsync.db.tail;

import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import io.walsync.wal.WalFrameHeader;
import io.walsync.wal.WalHeader;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite counts as committed where it keeps its wal-index in memory: a database that one
 * connection has to itself ({@code locking_mode=EXCLUSIVE}).
 *
 * <p>A commit's frames stand in the WAL before they are counted, but only while a call of that
 * connection is running: what was read before a moment without one, or before the end of the call
 * that ran, is counted. While one is running, so is each commit behind which another has begun: one
 * call may make thousands. Except after a call that failed (a full disk, an fsync): the last commit
 * in the WAL is then believed only once a later one has changed what stands there, or SQLite itself
 * has told its count in the answer to a checkpoint. At most one commit can be in doubt, since the
 * next writes over it.
 *
 * <p>Where the WAL has begun anew, nothing was missed if and only if the last checkpoint began with
 * nothing behind the last look. Of one that a script runs among other statements, that is not
 * known.
 *
 * <p>Threading: one thread at a time.
 */
public final class SoleCount {

  private static final long UNSETTLED = -1;

  private final SoleCalls calls;
  private final int pageSize;
  private final int frameSize;
  private final byte[] firstChunk;

  /** The run of the WAL that was looked at last; null for one without a frame. */
  private @Nullable WalHeader run;

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

  /** The clock as the last look began, or the last checkpoint if that may be going on. */
  private long lookedAt;

  /** The clock at the last question. */
  private long calledAt = UNSETTLED;

  /** Found while a call was running; counted once that has ended. */
  private @Nullable CommitMarks pending;

  private long pendingClock;

  /** Failures up to this one are of no consequence any more. */
  private long overcomeFailureCount;

  /** The last commit in the WAL, whose call may have failed. */
  private CommitMarks.@Nullable Mark suspect;

  private long suspectFailureCount;
  private boolean isSuspectLeftOut;

  /** Whether SQLite had told how many frames it counts as the last look began. */
  private boolean isTold;

  public SoleCount(SoleCalls calls, int pageSize) {
    this.calls = calls;
    this.pageSize = pageSize;
    this.frameSize = WalFrameHeader.SIZE + pageSize;
    this.firstChunk = CommitMarks.firstChunk(frameSize);
  }

  /**
   * What is counted now. Reads the WAL only if something can have been committed.
   *
   * @return null while it is not known: at each look so far, a call was running, and no commit
   *     stood in the WAL that another followed
   */
  public @Nullable WalCount count(WalFile wal) throws IOException {
    long before = calls.clock();
    long endCount = calls.endCount();
    boolean isSameCall = before == calledAt && !isQuiet(before);
    calledAt = before;
    lookedAt = isMixing(before) ? calls.checkpointAt() : before;
    if (settledAt >= 0 && calls.checkpointAt() == settledAt) {
      provedCheckpointAt = settledAt;
    }
    if (pending != null && before > pendingClock) {
      take(pending);
      pending = null;
    }
    if (pending != null || endCount != settledEndCount || isSuspectTold() || isSameCall) {
      look(wal, before, endCount);
    } else if (isQuiet(before)) {
      settledAt = before;
    }
    return isKnown ? counted() : null;
  }

  private WalCount counted() {
    long frameCount = (end - WalPosition.FIRST_FRAME) / frameSize;
    return WalCount.of(changeCount, pageSize, frameCount, endPageCount, run, endChecksum);
  }

  private void look(WalFile wal, long before, long endCount) throws IOException {
    CommitMarks found = read(wal, !isQuiet(before));
    long after = calls.clock();
    boolean isSettled = isQuiet(before) && before == after;
    if (isSettled) {
      take(found);
      pending = null;
      settledEndCount = endCount;
      emptyAt = run == null ? before : UNSETTLED;
    } else if (found.run() != null) {
      takeUnsettled(found, before, after);
      settledEndCount = UNSETTLED;
    }
    settledAt = isSettled ? before : UNSETTLED;
  }

  private void takeUnsettled(CommitMarks found, long before, long after) {
    pending = found;
    pendingClock = after;
    if (isQuiet(after)) {
      take(found);
      pending = null;
    } else if (before == after && !mayCheckpoint(before)) {
      takeProved(found);
    }
  }

  /** Whether a script is running that may checkpoint, of which nothing is known before it ends. */
  public boolean isCheckpointExpected() {
    return isMixing(calls.clock());
  }

  /** Whether a call was running then that may checkpoint, and have the WAL begin anew. */
  private boolean mayCheckpoint(long clock) {
    return isMixing(clock) || !isQuiet(clock) && calls.checkpointAt() == clock - 1;
  }

  /** Whether a call was running then that may commit as well as checkpoint. */
  private boolean isMixing(long clock) {
    return !isQuiet(clock) && calls.checkpointAt() == clock;
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

  private void take(CommitMarks found) {
    if (isNewRun(found.run())) {
      enter(found.run());
    }
    boolean isLastBelieved = isTold || isBelieved(found);
    // In the answer to a checkpoint, what was left out does not count.
    isSuspectLeftOut = !isLastBelieved && found.count() > 0;
    changeCount += isLastBelieved ? found.count() : found.count() - found.lastCount();
    take(isLastBelieved ? found.last() : found.beforeLast());
  }

  /** While a call is running: each commit counts behind which another has begun. */
  private void takeProved(CommitMarks found) {
    CommitMarks.Mark proved = found.proved();
    int count = found.takeProved();
    if (count == 0) {
      return;
    }
    if (isNewRun(found.run())) {
      enter(found.run());
    }
    if (suspect != null) {
      overcomeFailureCount = suspectFailureCount;
      suspect = null;
    }
    isSuspectLeftOut = false;
    changeCount += count;
    take(proved);
  }

  private void take(CommitMarks.Mark counted) {
    isKnown = true;
    end = counted.offset;
    endChecksum = counted.checksum;
    endPageCount = counted.pageCount;
  }

  private void enter(@Nullable WalHeader newRun) {
    // What came before the first look, the tail knows.
    long checkpointAt = calls.checkpointAt();
    boolean isNothingMissed =
        !isKnown
            || provedCheckpointAt >= 0 && checkpointAt == provedCheckpointAt
            || emptyAt >= 0 && checkpointAt < emptyAt;
    // What was missed makes one change at least.
    changeCount += isNothingMissed ? 0 : 1;
    isRunFollowed = isNothingMissed;
    // The next run needs a checkpoint of its own.
    provedCheckpointAt = UNSETTLED;
    runChangeCount = changeCount;
    run = newRun;
    suspect = null;
  }

  private boolean isBelieved(CommitMarks found) {
    long failureCount = calls.failureCount();
    if (failureCount == overcomeFailureCount) {
      return true;
    }
    boolean isOvercome =
        suspect != null && suspectFailureCount == failureCount && !found.last().isSame(suspect);
    if (isOvercome) {
      overcomeFailureCount = failureCount;
      suspect = null;
      return true;
    }
    suspect = found.last();
    suspectFailureCount = failureCount;
    return false;
  }

  // ---- looks

  private CommitMarks read(WalFile wal, boolean isCallRunning) throws IOException {
    WalHeader header = header(wal);
    boolean isNewRun = isNewRun(header);
    isTold = isSuspectTold() && !isNewRun;
    CommitMarks found;
    if (isNewRun) {
      long checksum = header == null ? 0 : header.checksum();
      found = marksFrom(header, new CommitMarks.Mark(WalPosition.FIRST_FRAME, checksum, 0));
    } else {
      found = marksFrom(run, new CommitMarks.Mark(end, endChecksum, endPageCount));
    }
    CommitMarks known = pending;
    if (isCallRunning && !isTold && known != null && known.isOf(header) && known.isInPlace(wal)) {
      found = known;
    }
    if (header != null) {
      long limit =
          isTold
              ? WalPosition.FIRST_FRAME + calls.checkpointedFrameCount() * frameSize
              : Long.MAX_VALUE;
      found.read(wal, limit, firstChunk);
    }
    return found;
  }

  private CommitMarks marksFrom(@Nullable WalHeader of, CommitMarks.Mark from) {
    return new CommitMarks(of, from, frameSize);
  }

  private boolean isNewRun(@Nullable WalHeader header) {
    return header == null ? run != null : run == null || !run.hasSaltsOf(header);
  }

  private @Nullable WalHeader header(WalFile wal) throws IOException {
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

package io.walsync.db.capture;

import io.walsync.db.checkpoint.Checkpointer;
import io.walsync.db.tail.SoleCalls;
import io.walsync.db.tail.SoleCount;
import io.walsync.db.tail.WalFile;
import io.walsync.files.DatabaseFile;
import io.walsync.hook.SoleWriter;
import io.walsync.host.HostLocks;
import io.walsync.io.AgentThread;
import io.walsync.io.Clock;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sole connection: the one of the application that keeps the database to itself. Nobody can
 * open a connection beside it, so there is no pin and no wal-index to ask; but nobody else can
 * write the database either. It does not checkpoint by itself, and when it is made to, it waits for
 * the copy.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class SoleConnection implements SoleCalls {

  /** Pause after a checkpoint that did not let the WAL restart. It doubles up to the cap. */
  private static final long RETRY_FLOOR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long RETRY_CAP_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Most looks for a moment without a running call; most calls are over sooner. */
  private static final int MAX_LOOKS = 10;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Where SQLite's exclusive lock on the file begins. */
  private static final long LOCK_OFFSET = DatabaseFile.SHARED_LOCK_OFFSET;

  private static final long NEVER_ASKED = -1;

  private final SoleWriter writer;
  private final SoleCount count;
  private final int pageSize;
  private final Runnable checkpointIfIdle;
  private final Clock clock;
  private long askedRunBytes;

  /** The writer's clock when it was last asked to tell SQLite's count. */
  private long askedAt = NEVER_ASKED;

  /** The thread that asks an idle connection; null if none was needed. */
  private @Nullable Thread asking;

  private long notBeforeNanos;
  private long retryNanos = RETRY_FLOOR_NANOS;

  /**
   * @param checkpointIfIdle has the connection checkpoint, outside its calls, if {@code writer} is
   *     asked to
   */
  public SoleConnection(SoleWriter writer, int pageSize, Runnable checkpointIfIdle, Clock clock) {
    this.writer = writer;
    this.pageSize = pageSize;
    this.checkpointIfIdle = checkpointIfIdle;
    this.clock = clock;
    this.notBeforeNanos = clock.nanoTime();
    this.count = new SoleCount(this, pageSize);
  }

  public boolean isOf(SoleWriter other, int otherPageSize) {
    return writer == other && pageSize == otherPageSize;
  }

  /**
   * Whether the connection has given up the database, so that its count says nothing about later
   * commits.
   */
  boolean isOver() {
    return writer.isRetired();
  }

  SoleCount count() {
    return count;
  }

  /** Whether this process has locked the file exclusively, as the kernel's list of locks says. */
  public static boolean isLocked(File path) {
    HostLocks.Snapshot held = new HostLocks(0).again();
    long inode = LockWatch.inode(path);
    return inode != LockWatch.UNKNOWN && held.holdsAlone(inode, LOCK_OFFSET);
  }

  /**
   * Whether it is known what is counted. A call that runs all the time does not let that be, if it
   * may checkpoint or has committed nothing that something follows.
   */
  public boolean isCounted(File path) throws IOException {
    try (WalFile wal = new WalFile(WalFile.pathOf(path))) {
      for (int look = 0; look < MAX_LOOKS; look++) {
        boolean isKnown = count.count(wal) != null;
        if (isKnown && !count.isCheckpointExpected()) {
          return true;
        }
        clock.pause(LOOK_NANOS);
      }
      return false;
    }
  }

  /** Whether the WAL cannot restart without a checkpoint that the agent has asked for. */
  public boolean isHeldOff() {
    return writer.isHeldOff();
  }

  /** Called when the WAL has restarted. */
  public void restarted() {
    askedRunBytes = 0;
    retryNanos = RETRY_FLOOR_NANOS;
    notBeforeNanos = clock.nanoTime();
  }

  /** Has the connection checkpoint at the end of its next statement, if it is time to. */
  public void checkpoint(long runBytes, double bytesPerSecond, long nowNanos) {
    boolean isLonger = runBytes > askedRunBytes && Checkpointer.isLong(runBytes, bytesPerSecond);
    if ((isLonger || count.isInDoubt()) && nowNanos - notBeforeNanos >= 0) {
      askedRunBytes = runBytes;
      notBeforeNanos = nowNanos + retryNanos;
      retryNanos = Math.min(RETRY_CAP_NANOS, retryNanos * 2);
      writer.wantCheckpoint();
      askIfIdle();
    }
  }

  /**
   * A commit in doubt waits for SQLite's count. A connection that has run nothing since it was
   * first asked for that may run nothing for hours: then a thread of the agent's asks.
   */
  private void askIfIdle() {
    long now = writer.clock();
    boolean isIdle = now == askedAt && SoleWriter.isQuiet(now);
    askedAt = count.isInDoubt() ? now : NEVER_ASKED;
    if (isIdle && count.isInDoubt() && (asking == null || !asking.isAlive())) {
      asking = AgentThread.of(checkpointIfIdle, "walsync-count");
      asking.start();
    }
  }

  // ---- the calls of the connection

  @Override
  public long clock() {
    return writer.clock();
  }

  @Override
  public long endCount() {
    return writer.endCount();
  }

  @Override
  public long failureCount() {
    return writer.failureCount();
  }

  @Override
  public long checkpointAt() {
    return writer.checkpointAt();
  }

  @Override
  public long checkpointedFrameCount() {
    return writer.checkpointedFrameCount();
  }
}

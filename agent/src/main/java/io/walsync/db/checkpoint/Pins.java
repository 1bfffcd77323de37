package io.walsync.db.checkpoint;

import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import io.walsync.wal.WalCount;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Read transactions of the agent. While it checkpoints they are on two connections and are handed
 * over, so that there is always one; otherwise on one connection.
 *
 * <p>States of a pin: <em>firm</em>, its read mark is known not to be zero, so the WAL cannot
 * restart; or not firm, at most one restart may pass, and only once everything below was backfilled
 * when the pin was taken. SQLite takes read mark 0 only while nBackfill equals mxFrame, so the
 * count before and after the taking tells.
 *
 * <p>Invariant: during a checkpoint of the agent there is no moment without a pin, except in the
 * last resort of a {@link Checkpointer}, where the write lock takes its place.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Pins implements Closeable {

  /**
   * How often a pin is moved to the tip. A checkpoint of somebody else waits for it no longer than
   * a few of these. Every 5 ms would disturb the commits' fsyncs.
   */
  public static final long KEEP_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Most repetitions of taking a new pin because a commit came at that moment. */
  private static final int MAX_TAKEN_AGAIN = 3;

  /** Null if no pin is ever taken. */
  private final @Nullable HostDriver driver;

  private final File database;
  private @Nullable HostConnection holder;
  private @Nullable HostConnection spare;
  private boolean isFirm;

  /** SQLite's count when the present pin was taken; null if it is not known. */
  private @Nullable WalCount mark;

  public Pins(HostDriver driver, File database) {
    this.driver = driver;
    this.database = database;
  }

  private Pins(File database) {
    this.driver = null;
    this.database = database;
  }

  /** Of a database that the agent has no connection to: there is no pin, and none can be taken. */
  public static Pins none(File database) {
    return new Pins(database);
  }

  /**
   * Takes the first pin.
   *
   * @throws SQLException BUSY while somebody holds the database exclusively
   */
  public void take(WalFollower follower) throws IOException, SQLException {
    HostConnection taking = spare();
    Taken taken = begin(taking, follower);
    holder = taking;
    spare = null;
    stand(taken);
  }

  public boolean isHeld() {
    return holder != null;
  }

  /** Whether a connection of the agent's is open, with a pin or without. */
  public boolean isOpen() {
    return holder != null || spare != null;
  }

  /** Whether the WAL certainly cannot restart. */
  public boolean isFirm() {
    return isFirm;
  }

  /** Frames that a checkpoint can backfill beside the pin. */
  long markedFrameCount() {
    return mark == null ? Long.MAX_VALUE : mark.frameCount();
  }

  /**
   * Whether no checkpoint of others has to wait for the pin: it is at the tip, and lets the WAL
   * restart once all is backfilled.
   */
  public boolean isAt(WalCount now) {
    return mark != null && mark.isSame(now) && (isFirm != now.isBackfilled());
  }

  /**
   * Moves the pin to the tip, so that no checkpoint of others waits for long. If both connections
   * are open, the new pin is taken before the old one is released. Else there is a moment without a
   * pin, and the follower finds out afterwards whether the WAL was restarted in it.
   */
  public void keepUp(WalFollower follower) throws IOException, SQLException {
    WalCount now = follower.count();
    if (now == null || isAt(now)) {
      return;
    }
    if (spare == null) {
      hop(now, follower);
    } else {
      handOver(follower);
    }
  }

  /** As {@link #keepUp}, but never without a pin. */
  public void keepUpHandOverHand(WalFollower follower) throws IOException, SQLException {
    WalCount now = follower.count();
    if (now != null && !isAt(now)) {
      handOver(follower);
    }
  }

  private void hop(WalCount now, WalFollower follower) throws IOException, SQLException {
    if (now.isBackfilled()) {
      follower.copy();
    }
    isFirm = false;
    mark = null;
    HostConnection hopping = held();
    hopping.rollback();
    stand(begin(hopping, follower));
    follower.look();
  }

  /** Releases the old pin after everything that the new one does not protect has been copied. */
  private void handOver(WalFollower follower) throws IOException, SQLException {
    HostConnection taking = spare();
    Taken taken = begin(taking, follower);
    try {
      if (taken.isFirm) {
        follower.look();
      } else {
        follower.copy();
      }
    } catch (IOException | RuntimeException | Error e) {
      taking.rollback();
      throw e;
    }
    HostConnection dropped = held();
    holder = taking;
    spare = dropped;
    dropped.rollback();
    stand(taken);
  }

  /**
   * Takes a new pin after a complete checkpoint, copies what the old pin still protects, then
   * releases the old one: the next writer may restart the WAL.
   *
   * @return false if commits came in between that are only in the WAL; then the pin is firm
   * @throws IOException if SQLite has backfilled commits that the follower does not find
   */
  boolean advanceAllowingRestart(WalFollower follower, CheckpointResult complete)
      throws IOException, SQLException {
    handOver(follower);
    if (follower.frameCount() < complete.logFrameCount()
        && mark != null
        && mark.frameCount() >= complete.logFrameCount()) {
      throw new IOException(
          "SQLite has checkpointed "
              + complete.logFrameCount()
              + " frames of the WAL, of which only "
              + follower.frameCount()
              + " could be read");
    }
    return !isFirm;
  }

  /** A read that has begun, and what is known of its mark. */
  private static final class Taken {
    /** Null if it is not known. */
    private final @Nullable WalCount mark;

    private final boolean isFirm;

    Taken(@Nullable WalCount mark, boolean isFirm) {
      this.mark = mark;
      this.isFirm = isFirm;
    }
  }

  private Taken begin(HostConnection connection, WalFollower follower)
      throws IOException, SQLException {
    for (int again = MAX_TAKEN_AGAIN; ; again--) {
      WalCount before = follower.count();
      connection.beginRead();
      Taken taken;
      try {
        taken = taken(before, follower.count(), follower);
      } catch (IOException | RuntimeException | Error e) {
        connection.rollback();
        throw e;
      }
      if (taken != null || again == 0) {
        return taken == null ? new Taken(null, false) : taken;
      }
      connection.rollback();
    }
  }

  /**
   * @return null if it cannot be told
   */
  private static @Nullable Taken taken(
      @Nullable WalCount before, @Nullable WalCount after, WalFollower follower)
      throws IOException {
    if (before == null || after == null) {
      return null;
    }
    boolean isBackfilled = after.isBackfilled();
    if (before.isSame(after) && before.isBackfilled() == isBackfilled) {
      return new Taken(after, !isBackfilled);
    }
    // Others have committed meanwhile, and nobody has backfilled: SQLite takes mark 0 only where
    // every frame is. The third count shows that the second was not read across a restart.
    boolean isFirm =
        before.backfilledCount() < before.frameCount()
            && before.backfilledCount() == after.backfilledCount()
            && before.isInRunOf(after)
            && before.isInRunOf(follower.count());
    return isFirm ? new Taken(before, true) : null;
  }

  private void stand(Taken taken) {
    mark = taken.mark;
    isFirm = taken.isFirm;
  }

  /**
   * Checkpoints beside the pin. Nobody can reset the WAL meanwhile, in any process: before SQLite
   * 3.51.3 a checkpoint that ran during a reset could lose commits.
   *
   * @throws IllegalStateException if the pin is not firm
   */
  CheckpointResult checkpointUnderPin() throws SQLException {
    if (!isFirm) {
      throw new IllegalStateException("a checkpoint needs a firm pin or the write lock");
    }
    return spare().checkpointPassive();
  }

  private HostConnection held() {
    HostConnection held = holder;
    assert held != null : "no pin is held";
    return held;
  }

  /** The connection without a pin, opened when first needed. */
  HostConnection spare() throws SQLException {
    HostConnection open = spare;
    if (open == null) {
      if (driver == null) {
        throw new IllegalStateException("a database that is followed without a pin");
      }
      open = driver.open(database);
      spare = open;
    }
    return open;
  }

  /** Closes the connection without a pin, which costs some 150 KB, until it is needed again. */
  public void closeSpare() {
    if (spare != null && holder != null) {
      HostConnection closing = spare;
      spare = null;
      closing.close();
    }
  }

  /**
   * Releases the pin, checkpoints and takes the pin anew, while the spare connection holds the
   * write lock and everything is copied.
   */
  CheckpointResult swapUnderWriteLock(WalFollower follower) throws IOException, SQLException {
    isFirm = false;
    HostConnection swapping = held();
    swapping.rollback();
    try {
      return swapping.checkpointPassive();
    } finally {
      stand(begin(swapping, follower));
    }
  }

  /**
   * Releases the pin and keeps its connection. As long as that is open, no close of others removes
   * the WAL, and SQLite's count tells about every commit.
   */
  public void release() throws SQLException {
    if (holder != null) {
      HostConnection released = holder;
      holder = null;
      isFirm = false;
      mark = null;
      if (spare == null) {
        spare = released;
        released.rollback();
      } else {
        released.close();
      }
    }
  }

  /** Releases the pin and closes both connections. */
  @Override
  public void close() {
    HostConnection[] closing = {holder, spare};
    holder = null;
    spare = null;
    isFirm = false;
    mark = null;
    for (HostConnection connection : closing) {
      if (connection != null) {
        connection.close();
      }
    }
  }
}

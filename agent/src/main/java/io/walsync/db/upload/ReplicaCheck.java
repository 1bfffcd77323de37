package io.walsync.db.upload;

import io.walsync.db.lineage.Inventory;
import io.walsync.io.Reason;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists the replica now and then, while uploads go on, to see whether the newest state can still be
 * restored: files may be deleted there at any time, and no upload notices.
 *
 * <p>A listing costs a request for each level and each thousand files. There is at most one in each
 * interval, for whatever reason it was made. If nothing was added to the replica, there is one in
 * {@link #IDLE_INTERVALS} intervals.
 *
 * <p>Threading: the database's thread. The listing itself runs on a thread of its own, and its
 * outcome is collected.
 */
public final class ReplicaCheck {

  /** The outcome of a listing. */
  static final class Finding {

    final Outcome outcome;

    /** The newest TXID that the store had acknowledged when the pass began. */
    final long uploadedTxid;

    private Finding(Outcome outcome, long uploadedTxid) {
      this.outcome = outcome;
      this.uploadedTxid = uploadedTxid;
    }
  }

  /** With an hour as the interval: a day. */
  static final int IDLE_INTERVALS = 24;

  /**
   * Each database waits longer by up to this part of the interval, so that databases which began
   * together do not list together.
   */
  private static final double SPREAD = 0.25;

  private final Supplier<ReplicaClient> client;
  private final Executor executor;
  private final Random random;
  private final Runnable wake;
  private final long intervalNanos;
  private long dueNanos;
  private long dueIdleNanos;
  private boolean isAddedTo;
  private boolean isRunning;
  private boolean isOutdated;
  private volatile @Nullable Finding finding;

  /**
   * @param intervalNanos least time between two listings
   * @param wake called when a finding waits
   */
  public ReplicaCheck(
      Supplier<ReplicaClient> client,
      Executor executor,
      long intervalNanos,
      Random random,
      Runnable wake) {
    this.client = client;
    this.executor = executor;
    this.intervalNanos = intervalNanos;
    this.random = random;
    this.wake = wake;
  }

  /** Notes that the replica was listed, for whatever reason. */
  void listed(long nowNanos) {
    long wait = intervalNanos + (long) (intervalNanos * SPREAD * random.nextDouble());
    dueNanos = nowNanos + wait;
    dueIdleNanos = nowNanos + IDLE_INTERVALS * wait;
    isAddedTo = false;
  }

  /** Notes an upload. After a snapshot, files that an earlier listing has missed do not matter. */
  void uploaded(LtxFileInfo file) {
    isAddedTo = true;
    isOutdated |= isRunning && file.level() == LtxFileInfo.LEVEL_SNAPSHOT;
  }

  /**
   * Starts a listing if it is time for one; {@link #listed} must have been called before.
   *
   * @param place where the replica was when it was last written
   */
  void startIfDue(long nowNanos, long uploadedTxid, String place) {
    long due = isAddedTo ? dueNanos : dueIdleNanos;
    if (isRunning || nowNanos - due < 0) {
      return;
    }
    isRunning = true;
    listed(nowNanos);
    try {
      executor.execute(() -> run(uploadedTxid, place));
    } catch (RuntimeException | Error noThread) {
      // The next listing, an hour later, is as good.
      isRunning = false;
    }
  }

  private void run(long uploadedTxid, String place) {
    Outcome ended;
    try {
      ended = new Outcome.Listed(Inventory.of(client.get(), place));
    } catch (IOException e) {
      ended = new Outcome.Failed(e);
    } catch (Throwable e) {
      ended = new Outcome.Failed(new IOException(Reason.of(e), e));
    }
    finding = new Finding(ended, uploadedTxid);
    wake.run();
  }

  /** The outcome of the last listing, returned once; null if there is nothing new. */
  @Nullable Finding collect() {
    Finding found = finding;
    if (found == null) {
      return null;
    }
    boolean isOfUse = !isOutdated;
    finding = null;
    isRunning = false;
    isOutdated = false;
    return isOfUse ? found : null;
  }
}

package io.walsync.db.upload;

import io.walsync.db.lineage.Inventory;
import io.walsync.io.Reason;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Looks now and then, while uploads go on, whether the newest state can still be restored from the
 * replica: files may be deleted there at any time, and no upload notices.
 *
 * <p>A pass costs a request for each level and each thousand files. There is at most one in each
 * interval, whoever made the last; of a replica that nothing was added to, one in {@link
 * #IDLE_INTERVALS}.
 *
 * <p>Threading: the database's thread, except that a pass itself runs on a thread of its own and
 * leaves what it found to be collected.
 */
public final class ReplicaCheck {

  /** What a pass came to. */
  static final class Finding {
    /** Null if the replica could not be listed. */
    final Inventory inventory;

    final IOException failure;

    /** The newest TXID that the store had acknowledged when the pass began. */
    final long uploadedTxid;

    private Finding(Inventory inventory, IOException failure, long uploadedTxid) {
      this.inventory = inventory;
      this.failure = failure;
      this.uploadedTxid = uploadedTxid;
    }
  }

  /** With an hour as the interval: a day. */
  static final int IDLE_INTERVALS = 24;

  /** Databases that began together do not list together: each waits longer by up to so much. */
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
  private volatile Finding finding;

  /**
   * @param intervalNanos least time between two passes
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

  /** The replica was listed, for whatever reason. */
  void listed(long nowNanos) {
    long wait = intervalNanos + (long) (intervalNanos * SPREAD * random.nextDouble());
    dueNanos = nowNanos + wait;
    dueIdleNanos = nowNanos + IDLE_INTERVALS * wait;
    isAddedTo = false;
  }

  /** The replica was added to. With a snapshot, what a pass missed before it is of no account. */
  void uploaded(LtxFileInfo file) {
    isAddedTo = true;
    isOutdated |= isRunning && file.level() == LtxFileInfo.LEVEL_SNAPSHOT;
  }

  /**
   * Begins a pass if it is time for one; {@link #listed} must have been called before.
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
      // The next is an hour away, and as good.
      isRunning = false;
    }
  }

  private void run(long uploadedTxid, String place) {
    Finding found;
    try {
      found = new Finding(Inventory.of(client.get(), place), null, uploadedTxid);
    } catch (IOException e) {
      found = new Finding(null, e, uploadedTxid);
    } catch (Throwable e) {
      found = new Finding(null, new IOException(Reason.of(e), e), uploadedTxid);
    }
    finding = found;
    wake.run();
  }

  /** What the last pass found, once; null if there is nothing new. */
  Finding collect() {
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

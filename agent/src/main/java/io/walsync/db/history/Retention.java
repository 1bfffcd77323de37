package io.walsync.db.history;

import io.walsync.db.events.HistoryEvents;
import io.walsync.db.settings.DbSettings;
import io.walsync.history.compaction.MergeStoppedException;
import io.walsync.history.compaction.NextMerge;
import io.walsync.history.compaction.Stop;
import io.walsync.history.retention.Pass;
import io.walsync.history.retention.Passes;
import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Prune;
import io.walsync.history.retention.RefusedException;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.replica.KnownFiles;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deletes from the replica of one database what no promise needs, if the configuration has one. A
 * pass comes an hour after the last, sooner where one was not enough, and only if the replica was
 * added to since or the last pass has left something.
 *
 * <p>A pass that fails leaves everything that is promised. It is tried again once, and then when
 * something was stored.
 *
 * <p>Threading: {@link #stored} and {@link #stop} come from any thread, the rest on the compaction
 * thread.
 */
final class Retention {

  /** From the first upload of the process to its first look. */
  static final long FIRST_NANOS = TimeUnit.MINUTES.toNanos(1);

  static final long INTERVAL_NANOS = TimeUnit.HOURS.toNanos(1);

  /** A second look comes a grace after the first; where much may go, all follow each other so. */
  static final long NEXT_NANOS = TimeUnit.MILLISECONDS.toNanos(Prune.GRACE_MILLIS) + FIRST_NANOS;

  /** A pass begins no further deletion after that time: merges of other databases wait for it. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MOST_FILES = 50_000;

  /** What planning takes for each file, and the part of the heap that it may have. */
  private static final int BYTES_A_FILE = 600;

  private static final int HEAP_PART = 8;

  /** Passes come later than their interval by up to this part of it. */
  private static final double SPREAD = 0.1;

  private final @Nullable Policy policy;
  private final boolean isDeleting;
  private final DbSettings settings;
  private final Ownership ownership;
  private final KnownFiles known;
  private final HistoryClock times;
  private final PastCounts past;
  private final HistoryEvents events;
  private final Clock clock;
  private final Stop stop;
  private final CommitTimes commits = new CommitTimes();
  private final PassClient.Records records = new PassClient.Records();
  private final Passes passes;
  private final int mostFiles;
  private final long intervalNanos;
  private boolean isFirst = true;
  private int failureCount;
  private boolean isFailureTold;
  private boolean isHoldTold;
  private boolean isReported;

  /** Whether a pass is to come. */
  private volatile boolean isWanted;

  private volatile boolean isBegun;
  private volatile boolean isStopped;
  private volatile long dueNanos;

  /**
   * @param known is told what was deleted
   * @param stop whether a pass under way is still wanted
   */
  Retention(
      DbSettings settings,
      Ownership ownership,
      KnownFiles known,
      HistoryClock times,
      PastCounts past,
      Stop stop) {
    Policy asked = settings.config().retention();
    this.policy = asked;
    this.isDeleting = settings.config().isRetentionEnabled();
    this.settings = settings;
    this.ownership = ownership;
    this.known = known;
    this.times = times;
    this.past = past;
    this.stop = stop;
    this.events = settings.events().history();
    this.clock = settings.clock();
    this.passes =
        new Passes(asked == null ? Policy.DEFAULT : asked, isDeleting, Prune.GRACE_MILLIS, clock);
    long heapFiles = Runtime.getRuntime().maxMemory() / HEAP_PART / BYTES_A_FILE;
    this.mostFiles = (int) Math.min(MOST_FILES, heapFiles);
    this.intervalNanos = (long) (INTERVAL_NANOS * (1 + SPREAD * settings.random().nextDouble()));
  }

  /** The replica has one more file. */
  void stored(LtxFileInfo file) {
    if (policy == null || isStopped) {
      return;
    }
    commits.note(file.maxTxid().value(), file.createdMillis());
    if (!isBegun) {
      dueNanos = clock.nanoTime() + FIRST_NANOS;
      isBegun = true;
    }
    isWanted = true;
  }

  /** Nothing is deleted any more. */
  void stop() {
    isStopped = true;
    commits.clear();
  }

  /** When a pass is due, as {@link HistoryClock} counts; {@link NextMerge#NEVER} if none is. */
  long dueMillis() {
    return isWanted && !isStopped ? times.millisOf(dueNanos) : NextMerge.NEVER;
  }

  /**
   * Makes a pass if it is time for one.
   *
   * @throws MergeStoppedException if it is not wanted any more
   */
  void passIfDue() throws MergeStoppedException {
    if (dueMillis() > times.nowMillis()) {
      return;
    }
    isWanted = false;
    long waitNanos;
    try {
      waitNanos = pass();
      failureCount = 0;
      if (isFailureTold) {
        isFailureTold = false;
        events.deletesAgain();
      }
    } catch (MergeStoppedException notWanted) {
      isWanted = true;
      throw notWanted;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      waitNanos = failed(e);
    }
    dueNanos = clock.nanoTime() + waitNanos;
  }

  /** Returns how long it is until the next. */
  private long pass() throws IOException {
    TimedListing.requireFew(past.fileCount(), mostFiles);
    ReplicaClient client = new PassClient(settings.client().get(), records, stop);
    Pass pass =
        passes.next(
            client,
            new TimedListing(client, commits, mostFiles),
            files -> requireOurs(client),
            new Deletion(clock.nanoTime()));
    boolean wasFirst = isFirst;
    isFirst = false;
    past.passed(pass.oldestMillis());
    if (pass.heldUntilMillis() != Pass.NOT_HELD) {
      if (!isHoldTold) {
        isHoldTold = true;
        events.deletionHeld(pass.stateCount(), pass.promisedCount(), pass.heldUntilMillis());
      }
      isWanted = true;
      return intervalNanos;
    }
    isHoldTold = false;
    if (!isDeleting) {
      report(pass);
      return intervalNanos;
    }
    if (pass.leftCount() > 0) {
      isWanted = true;
    }
    return pass.isMoreThanFits() || wasFirst ? NEXT_NANOS : intervalNanos;
  }

  private @Nullable String requireOurs(ReplicaClient client) throws IOException {
    ownership.require(client);
    return null;
  }

  private void report(Pass pass) {
    if (!isReported && pass.leftCount() > 0) {
      isReported = true;
      events.notToBeDeleted(pass.leftCount(), pass.leftBytes());
    }
  }

  private long failed(Throwable failure) {
    known.forget(); // some may be gone
    failureCount++;
    boolean isLasting =
        failure instanceof RefusedException
            || failure instanceof ReplicaException && ((ReplicaException) failure).isPermanent();
    if (!isFailureTold && (isLasting || failureCount > 1)) {
      isFailureTold = true;
      events.notDeleted(Reason.of(failure));
    }
    if (failureCount > 1) {
      return intervalNanos;
    }
    isWanted = true;
    return NEXT_NANOS;
  }

  /** What one pass deletes. */
  private final class Deletion implements Prune.Progress {
    private final long begunNanos;

    Deletion(long begunNanos) {
      this.begunNanos = begunNanos;
    }

    @Override
    public void waiting(long millis) {}

    @Override
    public boolean isToGoOn() {
      return clock.nanoTime() - begunNanos < LONGEST_NANOS;
    }

    @Override
    public void deleted(List<LtxFileInfo> files) {
      known.deleted(files);
      past.deleted(files);
      events.deleted(files);
    }
  }
}

package io.walsync.db.upload;

import io.walsync.db.lineage.Baseline;
import io.walsync.db.lineage.Evidence;
import io.walsync.db.lineage.Inventory;
import io.walsync.db.lineage.Rebuild;
import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.Staging;
import io.walsync.io.Backoff;
import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.RestoredState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings sealed files to the store, in order, one at a time, at most one in each sync interval,
 * with growing pauses while the store fails.
 *
 * <p>Threading: the database's thread, except that requests themselves run on an upload thread and
 * leave their outcome to be collected.
 */
public final class Uploader {

  private static final long RETRY_FLOOR_MILLIS = 200;

  /** An outage of an hour costs a request in this many milliseconds, and ends at most that late. */
  private static final long RETRY_CAP_MILLIS = 15_000;

  /** A shorter outage ends late by at most a tenth of what it lasted, but for this. */
  private static final long SHORT_OUTAGE_WAIT_MILLIS = 1_000;

  private static final long OUTAGE_PER_WAIT = 10;

  /** Longer than any timeout of a request on the network; a dead mount may take for ever. */
  private static final long SILENCE_NANOS = 60_000_000_000L;

  /** 1 MB/s: what is slower is worth a line. */
  private static final long NANOS_PER_SLOW_BYTE = 1_000;

  /** A store may ask for more, but one that is back must not wait for an hour. */
  static final long RETRY_AFTER_CAP_MILLIS = 300_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Ready for the moment in which nothing can be allocated. */
  private static final Outcome OUT_OF_MEMORY =
      new Outcome.Failed(new IOException("the upload ran out of memory"));

  private final Supplier<ReplicaClient> client;
  private final Executor executor;
  private final Runnable wake;
  private final long intervalNanos;
  private final Backoff backoff;
  private final Clock clock;
  private final Fence fence;
  private final Traffic traffic;

  /** Of the last request, until it is collected. */
  private volatile @Nullable Outcome outcome;

  private boolean isBusy;
  private long busySinceNanos;

  /** Of the file that is being uploaded; 0 while something else is asked. */
  private long busyBytes;

  private long notBeforeNanos;
  private long failingSinceNanos;

  /** The newest TXID that may be in the replica by us, whether or not its answer arrived. */
  private long startedTxid;

  /** The file that a restore of the newest state begins with; null if unknown. */
  private @Nullable LtxFileInfo head;

  /** Whether the replica has been listed and nothing uploaded since. */
  private boolean isToBegin = true;

  /**
   * @param intervalNanos least time between the starts of two uploads
   * @param wake called on an upload thread when an outcome waits
   */
  public Uploader(
      Supplier<ReplicaClient> client,
      Executor executor,
      long intervalNanos,
      Random random,
      Clock clock,
      Runnable wake) {
    this.client = client;
    this.executor = executor;
    this.intervalNanos = intervalNanos;
    this.backoff = new Backoff(RETRY_FLOOR_MILLIS, RETRY_CAP_MILLIS, random);
    this.wake = wake;
    this.clock = clock;
    this.fence = new Fence(clock);
    this.traffic = new Traffic(clock);
    this.notBeforeNanos = clock.nanoTime();
  }

  boolean isBusy() {
    return isBusy;
  }

  /** Whether the request under way takes longer than even a slow store needs. */
  boolean isOverdue(long nowNanos) {
    return isBusy && busyNanos(nowNanos) > SILENCE_NANOS + busyBytes * NANOS_PER_SLOW_BYTE;
  }

  /** For how long the request under way has been. */
  long busyNanos(long nowNanos) {
    return nowNanos - busySinceNanos;
  }

  boolean isFailing() {
    return backoff.failureCount() > 0;
  }

  /** Nanoseconds until the next request may start, 0 or less for now; meaningless while busy. */
  long waitNanos(long nowNanos, boolean isDraining) {
    return isDraining && !isFailing() ? 0 : notBeforeNanos - nowNanos;
  }

  /** Starts to upload the sealed file that is the next to reach the store. */
  void start(Staging staging, long nowNanos) {
    LtxFileInfo file = staging.sealed().next();
    UploadTask task = new UploadTask(staging, file, head);
    startedTxid = Math.max(staging.position().uploadedTxid(), file.maxTxid().value());
    notBeforeNanos = nowNanos + intervalNanos;
    boolean begins = isToBegin;
    run(
        file.sizeBytes(),
        () -> {
          ReplicaClient store = client.get();
          if (begins) {
            store.begin();
          }
          fence.sending(store, file);
          long epoch = fence.epoch();
          try {
            task.run(store, epoch);
          } catch (LtxFileConflictException e) {
            throw fence.named(store, e);
          }
          fence.stored(store, file);
          return new Outcome.Stored(
              file,
              begins ? store.locate("") : null,
              task.databaseChecksum(),
              epoch,
              task.content());
        });
  }

  /** To be asked while no request is under way. */
  public Fence fence() {
    return fence;
  }

  /** From any thread. */
  Traffic traffic() {
    return traffic;
  }

  /** The newest TXID of which this process has begun an upload; 0 before the first. */
  long startedTxid() {
    return startedTxid;
  }

  /**
   * What is uploaded next is of use only as long as this file is there.
   *
   * @param file a snapshot as a rule; null if there is no such file yet
   */
  void restsOn(@Nullable LtxFileInfo file) {
    head = file;
  }

  /**
   * Starts to ask what the replica holds.
   *
   * @param place where it was when it was last written; empty if unknown
   */
  public void startListing(String place) {
    isToBegin = true;
    run(
        0,
        () -> {
          ReplicaClient store = client.get();
          fence.look(store);
          Inventory inventory = Inventory.of(store, place);
          fence.listed(inventory.newestTxid());
          return new Outcome.Listed(inventory);
        });
  }

  /** Starts to find out what the replica holds: see {@link Rebuild}. */
  void startRebuilding(PageChecksums table, Evidence evidence, Consumer<Txid> announcement) {
    Baseline baseline = evidence.baseline();
    RestoredState restored = evidence.restored();
    long knownTxid = evidence.knownTxid();
    run(
        0,
        () -> {
          Rebuild.Result rebuilt =
              new Rebuild(client.get(), table, baseline, restored, knownTxid, announcement).run();
          return new Outcome.ReadBack(rebuilt);
        });
  }

  private interface Request {
    Outcome run() throws IOException;
  }

  private void run(long bytes, Request request) {
    isBusy = true;
    busyBytes = bytes;
    busySinceNanos = clock.nanoTime();
    try {
      executor.execute(() -> finish(request));
    } catch (RuntimeException | Error e) {
      // No thread could be had. The outcome is collected with the next turn.
      outcome = failureOf(e);
    }
  }

  private void finish(Request request) {
    Outcome ended;
    try {
      ended = request.run();
    } catch (Throwable e) {
      ended = failureOf(e);
    }
    outcome = ended;
    wake.run();
  }

  private static Outcome failureOf(Throwable e) {
    try {
      if (e instanceof IOException) {
        return new Outcome.Failed((IOException) e);
      }
      if (e instanceof UncheckedIOException) {
        return new Outcome.Failed(causeOf((UncheckedIOException) e));
      }
      return new Outcome.Failed(new IOException("the upload failed: " + e, e));
    } catch (OutOfMemoryError again) {
      return OUT_OF_MEMORY;
    }
  }

  private static IOException causeOf(UncheckedIOException e) {
    IOException cause = e.getCause();
    return cause == null ? new IOException("the upload failed: " + e, e) : cause;
  }

  /** The outcome of the last request, once; null if there is none to collect. */
  public @Nullable Outcome collect() {
    Outcome ended = outcome;
    if (ended == null) {
      return null;
    }
    outcome = null;
    isBusy = false;
    if (ended instanceof Outcome.Failed) {
      IOException failure = ((Outcome.Failed) ended).cause;
      traffic.failed(failure);
      long now = clock.nanoTime();
      failingSinceNanos = isFailing() ? failingSinceNanos : now;
      long outageMillis = (now - failingSinceNanos) / NANOS_PER_MILLI;
      long longest = Math.max(SHORT_OUTAGE_WAIT_MILLIS, outageMillis / OUTAGE_PER_WAIT);
      long waitMillis = Math.max(backoff.nextMillis(longest), retryAfterMillis(failure));
      notBeforeNanos = now + waitMillis * NANOS_PER_MILLI;
    } else {
      backoff.reset();
      if (ended instanceof Outcome.Stored) {
        stored(((Outcome.Stored) ended).file);
      }
    }
    return ended;
  }

  private void stored(LtxFileInfo file) {
    isToBegin = false;
    traffic.stored(file);
    if (file.level() == LtxFileInfo.LEVEL_SNAPSHOT) {
      restsOn(file);
    }
  }

  /** What the store asked for, as far as we follow. */
  private static long retryAfterMillis(IOException failure) {
    return failure instanceof ReplicaException
        ? Math.min(RETRY_AFTER_CAP_MILLIS, ((ReplicaException) failure).retryAfterMillis())
        : ReplicaException.NO_RETRY_AFTER;
  }
}

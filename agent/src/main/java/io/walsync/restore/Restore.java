package io.walsync.restore;

import io.walsync.io.WallClock;
import io.walsync.ltx.LtxHeader;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores databases from one replica.
 *
 * <p>Threading: one restore at a time; it starts threads of its own, and none is left when it
 * returns.
 */
public final class Restore {

  /** How often a new plan is made because retention removed a file between plan and fetch. */
  private static final int MAX_REPLANS = 3;

  private final ReplicaClient client;
  private final RestoreOptions options;
  private final RestoreProgress progress;
  private final RetryWaits waits;
  private final Random random;
  private final WallClock clock;

  public Restore(ReplicaClient client, RestoreOptions options, RestoreProgress progress) {
    this(client, options, progress, RetryWaits.NORMAL, new Random(), WallClock.REAL);
  }

  Restore(
      ReplicaClient client,
      RestoreOptions options,
      RestoreProgress progress,
      RetryWaits waits,
      Random random) {
    this(client, options, progress, waits, random, WallClock.REAL);
  }

  Restore(
      ReplicaClient client,
      RestoreOptions options,
      RestoreProgress progress,
      RetryWaits waits,
      Random random,
      WallClock clock) {
    this.client = client;
    this.options = options;
    this.progress = progress;
    this.waits = waits;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Lists the replica and chooses the files, without fetching any.
   *
   * @throws NoBackupException if the replica is empty
   * @throws ReplicaException if nothing is listed although there may be a backup
   * @throws BrokenChainException if TXIDs are missing
   * @throws TargetNotReachableException if the replica does not have that state
   * @throws IOException if the replica could not be listed: whether there is a backup is unknown
   */
  public RestorePlan plan(RestoreTarget target) throws IOException {
    return plan(target, Collections.emptySet());
  }

  private RestorePlan plan(RestoreTarget target, Set<String> excluded) throws IOException {
    List<LtxFileInfo> files = listed(target.isTime());
    files.removeIf(file -> excluded.contains(file.toString()));
    if (!target.isTime()) {
      return own(files, target);
    }
    ReplicaTimes times = new ReplicaTimes(files, clock.millis());
    RestorePlan plan = own(times.believed(), target);
    return plan.with(times.doubt(plan, target));
  }

  private RestorePlan own(List<LtxFileInfo> files, RestoreTarget target) throws IOException {
    if (!options.isSha256Verified()) {
      return RestorePlan.of(client.url(), files, target);
    }
    Retries retries = new Retries(new Abort(), progress, waits, new Random(random.nextLong()));
    while (true) {
      try {
        RestorePlan plan = RestorePlan.ofOwn(client, files, target);
        plan.foreign().forEach(progress::foreign);
        return plan;
      } catch (RestoreException e) {
        throw e;
      } catch (IOException e) {
        retries.waitAfter(e);
      }
    }
  }

  /**
   * Another way to the state that a plan leads to, from an older base; null if there is none. To be
   * asked when the files turn out to make another database than the one that was committed: the
   * base may be of another history.
   */
  public @Nullable RestorePlan otherWay(RestorePlan failed, RestoreTarget target)
      throws IOException {
    Set<String> excluded = new HashSet<>();
    for (LtxFileInfo file : failed.foreign()) {
      excluded.add(file.toString());
    }
    LtxFileInfo base = failed.files().get(0);
    excluded.add(base.toString());
    if (!base.isBase()) {
      return null;
    }
    try {
      RestorePlan plan = plan(target, excluded);
      List<LtxFileInfo> foreign = new ArrayList<>(failed.foreign());
      foreign.add(base);
      foreign.addAll(plan.foreign());
      if (!plan.txid().equals(failed.txid())) {
        return null;
      }
      progress.foreign(base);
      return plan.without(foreign);
    } catch (RestoreException noOther) {
      return null;
    }
  }

  /**
   * All files of the replica but those of another history, with the times that a restore to a
   * moment uses.
   *
   * @param exactTimes whether each time must be the one in the file, which costs a request a file
   *     in some stores
   * @throws ReplicaException if nothing is listed although there may be a backup
   * @throws IOException if the replica could not be listed
   */
  public List<LtxFileInfo> files(boolean exactTimes) throws IOException {
    List<LtxFileInfo> files = new ReplicaTimes(listed(exactTimes), clock.millis()).believed();
    try {
      files.removeAll(own(files, RestoreTarget.latest()).foreign());
    } catch (RestoreException notAtAll) {
      return files; // none is left out of what cannot be restored
    }
    return files;
  }

  private List<LtxFileInfo> listed(boolean exactTimes) throws IOException {
    List<LtxFileInfo> files = ReplicaListing.read(client, exactTimes, progress, waits, random);
    String reason = files.isEmpty() ? client.explainEmpty() : null;
    if (reason != null) {
      throw new ReplicaException(reason, true);
    }
    return files;
  }

  /**
   * Fetches the files of a plan and proves them as {@link #run} does, and writes nothing.
   *
   * @throws DamagedFileException if a file of the replica is not what it should be
   * @throws LtxFileMissingException if a file is gone since the replica was listed
   * @throws IOException if the replica could not be read
   */
  public RestoreResult prove(RestorePlan plan) throws IOException {
    long start = System.nanoTime();
    RestorePipeline pipeline =
        new RestorePipeline(client, options.withChecksum(true), progress, waits, random);
    progress.planned(plan);
    LtxHeader newest = pipeline.run(plan, PageSink.NOWHERE);
    return result(plan, newest, pipeline, start);
  }

  private static RestoreResult result(
      RestorePlan plan, LtxHeader newest, RestorePipeline pipeline, long start) {
    return new RestoreResult(
        plan,
        newest.timestampMillis(),
        newest.pageSize(),
        newest.commit(),
        pipeline.checksum(),
        (System.nanoTime() - start) / 1_000_000);
  }

  /**
   * Restores a database. On any failure the output is as it was before.
   *
   * @param output the database file; its folder is created if need be
   * @throws TargetRefusedException if the output must not be written
   * @throws DamagedFileException if a file of the replica is not what it should be
   * @throws RestoreException as {@link #plan} does, or if writing fails
   * @throws IOException if the replica could not be read
   */
  public RestoreResult run(RestoreTarget target, File output) throws IOException {
    long start = System.nanoTime();
    RestorePlan plan = plan(target);
    try (TargetFile file = TargetFile.create(output, options.rule(), new OpenFileCheck())) {
      return run(target, plan, file, start);
    }
  }

  /** What is done once nobody else can restore to the same file. */
  public interface Step {
    /** Takes a step after which a new plan is made, from what the replica has by then. */
    void take() throws IOException;
  }

  /**
   * As the other method. Nothing is done if there is nothing to restore, or if the output must not
   * be written.
   *
   * @param first taken before the replica is listed for the restore
   */
  public RestoreResult run(RestoreTarget target, File output, Step first) throws IOException {
    long start = System.nanoTime();
    plan(target);
    try (TargetFile file = TargetFile.create(output, options.rule(), new OpenFileCheck())) {
      first.take();
      return run(target, plan(target), file, start);
    }
  }

  /**
   * Of the database as it was committed, from beside the newest file: every file may be whole, and
   * one of them of another database. 0 if none was recorded.
   */
  private long recordedChecksum(LtxFileInfo newest) throws IOException {
    if (!options.isSha256Verified()) {
      return 0;
    }
    Retries retries = new Retries(new Abort(), progress, waits, new Random(random.nextLong()));
    while (true) {
      try {
        return client.recordedDatabaseChecksum(newest);
      } catch (IOException e) {
        retries.waitAfter(e);
      }
    }
  }

  /** For a plan that leads to another database than the one that was committed. */
  private RestorePlan fromOlderBase(
      RestorePlan plan, RestoreTarget target, long recorded, long checksum) throws IOException {
    RestorePlan other = otherWay(plan, target);
    if (other != null) {
      return other;
    }
    throw new DamagedFileException(
        plan.newest(),
        "the restored database has checksum "
            + Long.toHexString(checksum)
            + ", and had "
            + Long.toHexString(recorded)
            + " as it was committed: one of the "
            + plan.files().size()
            + " files that lead to it is of another database or another history. `verify -all`"
            + " says which states are whole",
        null);
  }

  private RestoreResult run(RestoreTarget target, RestorePlan first, TargetFile file, long start)
      throws IOException {
    RestorePlan plan = first;
    for (int replans = 0; ; replans++) {
      try {
        progress.planned(plan);
        long recorded = recordedChecksum(plan.newest());
        RestorePipeline pipeline =
            new RestorePipeline(
                client,
                recorded == 0 ? options : options.withChecksum(true),
                progress,
                waits,
                random);
        LtxHeader newest = pipeline.run(plan, file);
        if (recorded != 0 && recorded != pipeline.checksum()) {
          plan = fromOlderBase(plan, target, recorded, pipeline.checksum());
          file.clear();
          continue;
        }
        progress.finishing();
        file.complete((long) newest.commit() * newest.pageSize(), options.integrityCheck());
        if (!file.isAccessKept()) {
          progress.accessNotKept();
        }
        return result(plan, newest, pipeline, start);
      } catch (LtxFileMissingException e) {
        if (replans >= MAX_REPLANS) {
          throw new RestoreException(
              "restore " + target + ": files vanish faster than they can be read", e);
        }
        progress.replanning(e);
        file.clear();
        plan = plan(target);
      }
    }
  }
}

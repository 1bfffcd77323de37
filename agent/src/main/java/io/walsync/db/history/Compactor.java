package io.walsync.db.history;

import io.walsync.db.events.HistoryEvents;
import io.walsync.db.events.PastStatus;
import io.walsync.db.events.ReplicaSize;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.DiskRoom;
import io.walsync.history.compaction.Compaction;
import io.walsync.history.compaction.Contents;
import io.walsync.history.compaction.DueSnapshot;
import io.walsync.history.compaction.Ladder;
import io.walsync.history.compaction.Merge;
import io.walsync.history.compaction.MergeStoppedException;
import io.walsync.history.compaction.Merged;
import io.walsync.history.compaction.NextMerge;
import io.walsync.history.compaction.ScratchTooLargeException;
import io.walsync.history.compaction.Stop;
import io.walsync.io.Backoff;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.replica.KnownFiles;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges what one database has in its replica, level by level, when a level's interval has passed,
 * and into a snapshot when {@link DueSnapshot} says so. Without levels it does neither. Nothing is
 * asked of the store before something is due, and nothing is due before this process has uploaded.
 * A merge is one turn, so that other databases get theirs between two.
 *
 * <p>A failure leaves the replica as it was. It is tried again, later each time, and told when it
 * has failed twice. A kill leaves at most a file without a name in the staging folder, or a merged
 * file that nobody was told of: the next listing finds it.
 *
 * <p>Threading: {@link #listed} and {@link #stored} come on the database's thread, turns on the
 * compaction thread of the process.
 */
public final class Compactor {

  /** The content of files up to this size is kept until it is merged, as far as there is room. */
  public static final int LARGEST_KEPT_BYTES = RecentFiles.LARGEST_BYTES;

  static final long FIRST_WAIT_MILLIS = 5_000;

  /** An outage of hours costs four requests an hour. */
  static final long LONGEST_WAIT_MILLIS = 900_000;

  /** A clock that is set back while a turn waits does not put it off for longer. */
  private static final long LONGEST_SLEEP_MILLIS = 3_600_000;

  /** A turn that is later than that may have been lost, for want of a thread. */
  private static final long LOST_MILLIS = 3_600_000;

  /** A snapshot comes later than its interval by up to this part of it. */
  private static final double SPREAD = 0.1;

  /** A merge in rounds needs its bytes on disk twice. */
  private static final int COPIES = 2;

  private static final long NOW = Long.MIN_VALUE;

  /** Each is told once; a replica with more of them has other troubles. */
  private static final int MOST_TOLD = 100;

  private final Ladder ladder;
  private final long snapshotMillis;
  private final KnownFiles known;
  private final Holdings holdings;
  private final RecentFiles recent = new RecentFiles();
  private final DbSettings settings;
  private final DbExecutors executors;
  private final Ownership ownership;
  private final BooleanSupplier isEnding;
  private final HistoryEvents events;
  private final Clock clock;
  private final Random random;
  private final Path folder;
  private final DiskRoom room;
  private final Stop stop = this::requireWanted;
  private final Backoff backoff;
  private final HistoryClock times;
  private final Snapshots snapshots;
  private final Set<String> toldObstacles = new HashSet<>();

  private final PastCounts past;
  private final Retention retention;

  /** When the next turn is asked for, by the wall clock. */
  private long askedMillis = NextMerge.NEVER;

  /** After a failure, whatever is stored meanwhile. */
  private volatile long notBeforeNanos;

  private boolean isFailureTold;

  private volatile boolean isStopped;

  /**
   * @param ownership of the replica
   * @param isEnding whether the process or the agent is about to end: nothing is merged any more
   */
  public Compactor(
      DbSettings settings, DbExecutors executors, Ownership ownership, BooleanSupplier isEnding) {
    this.settings = settings;
    this.executors = executors;
    this.ownership = ownership;
    this.isEnding = isEnding;
    this.ladder = new Ladder(settings.config().levels());
    this.snapshotMillis = spread(settings.config().snapshotInterval(), settings.random());
    this.known = new KnownFiles(ladder.top());
    this.holdings = new Holdings(known);
    this.events = settings.events().history();
    this.clock = settings.clock();
    this.past = new PastCounts(clock);
    this.notBeforeNanos = clock.nanoTime();
    this.random = new Random(settings.random().nextLong());
    this.folder = settings.stagingFolder().toPath();
    this.room = new DiskRoom(settings.disk(), settings.stagingFolder());
    this.backoff = new Backoff(FIRST_WAIT_MILLIS, LONGEST_WAIT_MILLIS, random);
    this.times = new HistoryClock(clock);
    this.snapshots = new Snapshots(settings, ownership, room, times, events, random);
    this.retention = new Retention(settings, ownership, known, times, past, stop);
  }

  /** Databases that began together do not make their snapshots together. */
  private static long spread(Duration interval, Random random) {
    return (long) (interval.toMillis() * (1 + SPREAD * random.nextDouble()));
  }

  /** What was done in this process. From any thread. */
  public PastStatus past() {
    return past.status();
  }

  /**
   * What the replica holds, of which a listing has found so much. From any thread.
   *
   * @param listedCount negative for unknown
   */
  public ReplicaSize size(long listedCount, long listedBytes, long checkedMillis) {
    return listedCount < 0
        ? ReplicaSize.UNKNOWN
        : new ReplicaSize(
            listedCount + past.addedCount(), listedBytes + past.addedBytes(), checkedMillis);
  }

  /** The replica was listed; what was merged until then is among what was found. */
  public void counted(int count) {
    past.listed(count);
  }

  /** The replica is about to be listed by the database; merges may be stored meanwhile. */
  public void listing() {
    holdings.listing();
  }

  /**
   * The replica was listed.
   *
   * @param files all that it holds
   */
  public void listed(List<LtxFileInfo> files) {
    if (ladder.top() > 0) {
      holdings.listed(files);
    }
  }

  /**
   * An upload has succeeded.
   *
   * @param checksum of the database, as recorded beside the file; 0 if none is
   * @param epoch likewise
   * @param content of the file; null if it is larger than {@link #LARGEST_KEPT_BYTES}
   */
  public void stored(LtxFileInfo file, long checksum, long epoch, byte @Nullable [] content) {
    if (file.level() == LtxFileInfo.LEVEL_SNAPSHOT) {
      past.snapshotStored();
    }
    if (ladder.top() == 0 || isStopped) {
      return;
    }
    added(file);
    times.note(file.createdMillis());
    boolean isInput = file.level() == LtxFileInfo.LEVEL_L0;
    recent.stored(file, checksum, epoch, isInput ? content : null);
    long intervalMillis = ladder.intervalMillis(1);
    ask((Math.floorDiv(file.createdMillis(), intervalMillis) + 1) * intervalMillis);
  }

  private void added(LtxFileInfo file) {
    known.stored(file);
    retention.stored(file);
  }

  /** Nothing is merged any more; a merge under way ends soon, without a trace. */
  public void stop() {
    isStopped = true;
    recent.clear();
    retention.stop();
  }

  /** What was put off while {@code isEnding} was so is looked for. */
  public void resume() {
    if (ladder.top() > 0) {
      ask(clock.millis());
    }
  }

  private synchronized void ask(long wantedMillis) {
    long nowMillis = times.nowMillis();
    if (isStopped || wantedMillis >= askedMillis && isPending(nowMillis)) {
      return;
    }
    long pauseMillis =
        Math.max(0, (notBeforeNanos - clock.nanoTime()) / HistoryClock.NANOS_PER_MILLI);
    long atMillis = Math.max(wantedMillis, nowMillis + pauseMillis);
    if (atMillis >= askedMillis && isPending(nowMillis)) {
      return;
    }
    askedMillis = atMillis;
    long waitMillis = Math.min(LONGEST_SLEEP_MILLIS, Math.max(0, atMillis - nowMillis));
    try {
      executors.compactAfter(waitMillis * HistoryClock.NANOS_PER_MILLI, () -> turn(atMillis));
    } catch (RuntimeException | Error noThread) {
      askedMillis = NextMerge.NEVER; // the next upload asks again, and must not fail by this one
    }
  }

  private boolean isPending(long nowMillis) {
    return nowMillis < askedMillis || nowMillis - askedMillis < LOST_MILLIS;
  }

  private synchronized boolean isAsked(long atMillis) {
    boolean isAsked = atMillis == askedMillis; // else an earlier one was asked for meanwhile
    askedMillis = isAsked ? NextMerge.NEVER : askedMillis;
    return isAsked;
  }

  private void turn(long atMillis) {
    if (!isAsked(atMillis)) {
      return;
    }
    long next;
    try {
      requireWanted();
      next = ownership.isOurs() ? work() : NextMerge.NEVER;
    } catch (MergeStoppedException notWanted) {
      return;
    } catch (IOException | RuntimeException | Error e) {
      next = failed(e);
    }
    ask(next);
  }

  /** Returns when the next turn is due. */
  private long work() throws IOException {
    List<LtxFileInfo> files = files();
    NextMerge next = NextMerge.of(files, ladder, times.nowMillis());
    next.obstacles().forEach(this::tellOnce);
    if (next.inputs().isEmpty()) {
      long snapshotDueMillis = snapshotIfDue(files);
      if (snapshotDueMillis != NOW) {
        retention.passIfDue();
        return Math.min(Math.min(next.dueMillis(), snapshotDueMillis), retention.dueMillis());
      }
    } else {
      merge(next.inputs());
    }
    backoff.reset();
    if (isFailureTold) {
      isFailureTold = false;
      events.mergesAgain();
    }
    return times.nowMillis();
  }

  /** Returns {@link #NOW} if one was made, else when one is due. */
  private long snapshotIfDue(List<LtxFileInfo> files) throws IOException {
    DueSnapshot due =
        DueSnapshot.of(settings.replicaUrl(), files, snapshotMillis, times.nowMillis());
    long dueMillis = Math.max(due.dueMillis(), snapshots.againMillis());
    if (dueMillis > times.nowMillis()) {
      return dueMillis;
    }
    if (snapshot(due.inputs())) {
      return NOW;
    }
    return snapshots.isPaused() ? snapshots.againMillis() : NextMerge.NEVER;
  }

  /** All that the replica holds, but for what another history has left. */
  private List<LtxFileInfo> files() throws IOException {
    return holdings.files(
        files -> {
          ReplicaClient client = settings.client().get();
          return new Compaction(client, ladder, false, folder, clock, random)
              .sift(files == null ? ReplicaFiles.list(client) : files);
        });
  }

  private void merge(List<LtxFileInfo> inputs) throws IOException {
    ReplicaClient client = beginning(inputs);
    Contents contents = recent.in(client);
    try (Merged merged = new Merge(contents, folder, clock, random, stop).run(inputs)) {
      long checksum = merged.checksum(contents.databaseChecksum(merged.newest()));
      store(client, contents, merged, checksum);
      recent.merged(inputs);
      past.merged(merged.file());
      events.merged(inputs, merged.file());
    }
  }

  /** Returns whether one was made. */
  private boolean snapshot(List<LtxFileInfo> plan) throws IOException {
    try {
      Contents contents = recent.in(settings.client().get());
      Merge merge = new Merge(contents, folder, clock, random, stop);
      LtxFileInfo made = snapshots.make(plan, merge, contents);
      if (made != null) {
        LtxFileInfo newest = plan.get(plan.size() - 1);
        recent.stored(made, contents.databaseChecksum(newest), contents.epoch(newest), null);
        added(made);
        past.snapshotMade(made);
      }
      return made != null;
    } catch (ScratchTooLargeException e) {
      tellOnce(
          "a snapshot needs "
              + e.bytes()
              + " bytes on disk while it is made, and "
              + snapshots.mostScratchBytes()
              + " bytes are to be had: half of staging-max-bytes, or of what is free");
      return false;
    } catch (IOException | RuntimeException e) {
      requireWanted();
      known.forget(); // another may have its name
      past.failed();
      snapshots.failed(e);
      return false;
    }
  }

  private void tellOnce(String obstacle) {
    String kind = obstacle.replaceAll("[0-9]+ bytes", "");
    if (toldObstacles.size() < MOST_TOLD && toldObstacles.add(kind)) {
      events.notMergeable(obstacle);
    }
  }

  private static long bytes(List<LtxFileInfo> files) {
    long bytes = 0;
    for (LtxFileInfo file : files) {
      bytes += file.sizeBytes();
    }
    return bytes;
  }

  private ReplicaClient beginning(List<LtxFileInfo> inputs) throws IOException {
    room.require(COPIES * bytes(inputs));
    ReplicaClient client = settings.client().get();
    ownership.confirm(client);
    return client;
  }

  private void store(ReplicaClient client, Contents contents, Merged merged, long checksum)
      throws IOException {
    long epoch = contents.epoch(merged.newest());
    merged.store(client, checksum, epoch);
    ownership.confirm(client);
    added(merged.file());
    recent.stored(merged.file(), checksum, epoch, null);
  }

  /** Returns when it is tried again. What the replica holds is looked at anew. */
  private long failed(Throwable failure) {
    known.forget();
    if (isStopped || isEnding.getAsBoolean()) {
      return NextMerge.NEVER;
    }
    past.failed();
    long waitMillis = backoff.nextMillis();
    notBeforeNanos = clock.nanoTime() + waitMillis * HistoryClock.NANOS_PER_MILLI;
    // Somebody has merged the same, or a request was lost: the next try shows it.
    if (backoff.failureCount() > 1 && !isFailureTold) {
      isFailureTold = true;
      events.notMerged(Reason.of(failure));
    }
    return times.nowMillis() + waitMillis;
  }

  private void requireWanted() throws MergeStoppedException {
    if (isStopped || isEnding.getAsBoolean()) {
      throw new MergeStoppedException();
    }
  }
}

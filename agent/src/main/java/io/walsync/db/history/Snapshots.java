package io.walsync.db.history;

import io.walsync.db.events.HistoryEvents;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.DiskRoom;
import io.walsync.history.compaction.Contents;
import io.walsync.history.compaction.Image;
import io.walsync.history.compaction.Merge;
import io.walsync.history.compaction.WrongImageException;
import io.walsync.io.Backoff;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the snapshots of one database, of what its replica holds. One that fails, or turns out not
 * to be what was committed, is tried again later; merges go on meanwhile.
 *
 * <p>Threading: the compaction thread.
 */
final class Snapshots {

  /** After that long it is tried again: somebody may have mended the replica. */
  private static final long WRONG_NANOS = TimeUnit.HOURS.toNanos(6);

  /** The first failure is not told: the next try mends it as a rule. */
  private static final int TOLD_FAILURE = 2;

  /** What is merged before an image is made is on disk, and so is what it is merged into. */
  private static final int COPIES = 2;

  private final DbSettings settings;
  private final Ownership ownership;
  private final DiskRoom room;
  private final HistoryClock times;
  private final HistoryEvents events;
  private final Clock clock;
  private final Backoff backoff;

  /** Whether the files of the replica have turned out not to be what was committed. */
  private boolean isWrong;

  /** No snapshot before that. */
  private long againNanos;

  Snapshots(
      DbSettings settings,
      Ownership ownership,
      DiskRoom room,
      HistoryClock times,
      HistoryEvents events,
      Random random) {
    this.settings = settings;
    this.ownership = ownership;
    this.room = room;
    this.times = times;
    this.events = events;
    this.clock = settings.clock();
    this.backoff = new Backoff(Compactor.FIRST_WAIT_MILLIS, Compactor.LONGEST_WAIT_MILLIS, random);
    this.againNanos = clock.nanoTime();
  }

  /** When the next may be made; in the past if it may. */
  long againMillis() {
    return times.millisOf(againNanos);
  }

  /** Whether the last one failed, or was not what was committed. */
  boolean isPaused() {
    return isWrong || backoff.failureCount() > 0;
  }

  /** Bytes on disk that one may take. */
  long mostScratchBytes() {
    return Math.min(settings.config().stagingMaxBytes(), room.spareBytes()) / COPIES;
  }

  /**
   * Makes one and stores it.
   *
   * @param plan what a restore reads, oldest first
   * @return the snapshot; null if none was made: of a state of which nothing says what it was, or
   *     that is not what it was
   * @throws io.walsync.history.compaction.ScratchTooLargeException if the disk has no room for it
   * @throws IOException as {@link Image#store}
   */
  @Nullable LtxFileInfo make(List<LtxFileInfo> plan, Merge merge, Contents contents)
      throws IOException {
    ReplicaClient client = settings.client().get();
    ownership.confirm(client);
    LtxFileInfo newest = plan.get(plan.size() - 1);
    long recorded = contents.databaseChecksum(newest);
    if (recorded == 0) {
      return null;
    }
    try (Image image = merge.image(plan, mostScratchBytes())) {
      LtxFileInfo made =
          image.store(client, recorded, contents.epoch(newest), () -> ownership.confirm(client));
      isWrong = false;
      backoff.reset();
      events.snapshotMade(plan, made);
      return made;
    } catch (WrongImageException e) {
      if (!isWrong) {
        events.wrongImage(Reason.of(e));
      }
      isWrong = true;
      againNanos = clock.nanoTime() + WRONG_NANOS;
      return null;
    }
  }

  /** It is tried again, later each time. */
  void failed(Throwable failure) {
    againNanos = clock.nanoTime() + backoff.nextMillis() * HistoryClock.NANOS_PER_MILLI;
    if (backoff.failureCount() == TOLD_FAILURE) {
      events.notSnapshot(Reason.of(failure));
    }
  }
}

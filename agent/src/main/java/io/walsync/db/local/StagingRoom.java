package io.walsync.db.local;

import io.walsync.db.capture.Capture;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.settings.DbSettings;
import io.walsync.io.Clock;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the staging folder has room for commits that are in the WAL. Without room they
 * stay there, and the WAL has to grow.
 *
 * <p>Where nothing is staged, one copy may be of any size: beside a writer that fills the bound
 * while one file is on its way, the WAL would never restart although the store is well.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class StagingRoom {

  /**
   * Bytes that each database may stage however much the others have staged: their store may be
   * another one.
   */
  private static final long GRANTED_BYTES = 16L << 20;

  /** After a look that found no room, the folder is not looked at again for this long. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A lack of room that is over sooner is not told: the first snapshot may be under way. */
  static final long FULL_TOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * Room that is gone sooner is not told: beside a fast writer each file that the store takes makes
   * some.
   */
  static final long ROOM_TOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Segments are merged to make room once at least this part of their bytes was not merged before,
   * so that what was merged is written anew only a few times, however long an outage lasts.
   */
  private static final int NEW_PART = 4;

  private final DbSettings settings;
  private final LocalState local;
  private final DbEvents events;
  private final Clock clock;

  /** The segment that the last merge has made; null if there was none. */
  private @Nullable File merged;

  private boolean isFull;

  /** Since when that is so. */
  private long changedNanos;

  /** Whether people were told that it is full. */
  private boolean isTold;

  private long lookAtNanos;

  public StagingRoom(DbSettings settings, LocalState local, DbEvents events) {
    this.settings = settings;
    this.local = local;
    this.events = events;
    this.clock = settings.clock();
  }

  /**
   * Notices that there is room again, and tells what has lasted.
   *
   * @param bytes that wait in the WAL
   */
  public void lookAgain(long bytes) throws IOException {
    if (isFull || isTold) {
      isThereFor(bytes);
    }
  }

  /**
   * Whether there is room for the commits that were found in the WAL. Merges segments first if that
   * may make room, and reports an answer that has changed and stays.
   */
  public boolean isThereFor(Capture capture) throws IOException {
    return isThereFor(capture.batchBytes());
  }

  private boolean isThereFor(long bytes) throws IOException {
    if (isFull && clock.nanoTime() - lookAtNanos < 0) {
      return false;
    }
    long staged = local.staging().stagedBytes();
    if (staged + bytes > boundBytes() && isMergeWorthIt()) {
      merge(staged);
      staged = local.staging().stagedBytes();
    }
    boolean hasTotalRoom = settings.stagingTotal().hasRoom(settings.path(), staged, bytes);
    boolean isWithinTotal = hasTotalRoom || staged + bytes <= GRANTED_BYTES;
    boolean hasRoom = staged == 0 || staged + bytes <= boundBytes() && isWithinTotal;
    long now = clock.nanoTime();
    if (hasRoom == isFull) {
      isFull = !hasRoom;
      changedNanos = now;
      decide(staged, bytes);
    }
    tell(now - changedNanos, staged + bytes);
    lookAtNanos = now + LOOK_AGAIN_NANOS;
    return hasRoom;
  }

  private long boundBytes() {
    return settings.config().stagingMaxBytes();
  }

  private boolean isMergeWorthIt() {
    List<File> segments = local.staging().segments().all();
    if (segments.size() < 2) {
      return false;
    }
    long all = segments.stream().mapToLong(File::length).sum();
    long before = merged != null && segments.get(0).equals(merged) ? merged.length() : 0;
    return all - before >= all / NEW_PART;
  }

  private void merge(long staged) throws IOException {
    local.sealer().compactTo(1);
    merged = local.staging().segments().all().get(0);
    if (events.wantsDecisions()) {
      events.decided(
          Decision.SEGMENTS_MERGED, staged + " bytes were staged, " + boundBytes() + " may be");
    }
  }

  private void decide(long staged, long bytes) {
    if (isFull && events.wantsDecisions()) {
      events.decided(
          Decision.CHECKPOINT_SKIPPED,
          staged + " bytes are staged, and there is no room for " + bytes + " more");
    }
  }

  /**
   * @param nanos for which it has been so
   * @param bytes that are staged or wait for room
   */
  private void tell(long nanos, long bytes) {
    if (!isFull && isTold && nanos >= ROOM_TOLD_NANOS) {
      isTold = false;
      events.stagingHasRoom(local.staging().folder());
    } else if (isFull && !isTold && nanos >= FULL_TOLD_NANOS) {
      isTold = true;
      boolean isTotal = bytes <= boundBytes();
      events.stagingFull(
          local.staging().folder(),
          isTotal ? settings.stagingTotal().boundBytes() : boundBytes(),
          isTotal,
          local.uploadedTxid());
    }
  }
}

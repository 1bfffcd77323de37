package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Pins;
import io.walsync.db.settings.Pause;
import io.walsync.db.upload.Outcome;
import io.walsync.db.upload.Replicator;
import io.walsync.db.upload.Uploader;
import io.walsync.teststore.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimetableTest {

  private static final long SYNC_INTERVAL_NANOS = Duration.ofSeconds(3).toNanos();

  private static final class Work implements Timetable.Work {
    boolean isPinned;
    boolean hasUnsealed;
    boolean hasSealed;
    boolean canSeal;

    @Override
    public boolean isPinned() {
      return isPinned;
    }

    @Override
    public boolean hasUnsealed() {
      return hasUnsealed;
    }

    @Override
    public boolean hasSealed() {
      return hasSealed;
    }

    @Override
    public boolean canSeal() {
      return canSeal;
    }
  }

  private final ManualClock clock = new ManualClock();
  private final Work work = new Work();
  private final Drain drain = new Drain();
  private final Queue<Runnable> requests = new ArrayDeque<>();
  private final Uploader uploader =
      new Uploader(
          () -> {
            throw new UncheckedIOException(new IOException("the store is away"));
          },
          requests::add,
          SYNC_INTERVAL_NANOS,
          new Random(1),
          clock,
          () -> {});
  private final Replicator replicator =
      new Replicator(uploader, null, null, null, null, null, clock);
  private final Haste haste = new Haste();
  private final Pause pause = new Pause(clock);
  private final Timetable timetable =
      new Timetable(
          new Connections(clock),
          drain,
          replicator,
          new UploadTime(drain, haste, pause, replicator),
          work);

  private void failOneRequest() {
    uploader.startListing("");
    requests.remove().run();
    assertThat(uploader.collect()).isInstanceOf(Outcome.Failed.class);
  }

  private long now() {
    return clock.nanoTime();
  }

  @Test
  void aPinIsLookedAfterMoreOftenThanADatabaseWithout() {
    assertThat(timetable.whileCaptured(now())).isEqualTo(Timetable.POLL_NANOS);
    work.isPinned = true;
    assertThat(timetable.whileCaptured(now())).isEqualTo(Pins.KEEP_UP_NANOS);
  }

  @Test
  void whatIsPendingIsUploadedAtOnceIfTheStoreIsReady() {
    work.hasUnsealed = true;
    assertThat(timetable.whileCaptured(now())).isZero();
  }

  @Test
  void duringAPauseNothingIsDueForTheStoreUnlessTheProcessEnds() {
    work.hasUnsealed = true;
    work.canSeal = true;
    pause.begin(Timetable.POLL_NANOS / 2);
    assertThat(timetable.whileCaptured(now())).isEqualTo(Timetable.POLL_NANOS / 2);
    assertThat(timetable.whileWaiting(now(), true, now())).isEqualTo(Timetable.POLL_NANOS / 2);
    haste.begin();
    assertThat(timetable.whileCaptured(now())).isEqualTo(Timetable.POLL_NANOS / 2);
    drain.begin();
    assertThat(timetable.whileCaptured(now())).isZero();
  }

  @Test
  void whoWaitsForAnUploadDoesNotWaitForTheSyncInterval() {
    work.hasUnsealed = true;
    failOneRequest();
    haste.begin();
    assertThat(timetable.whileCaptured(now())).as("but for a store that fails").isPositive();
  }

  @Test
  void whileARequestIsUnderWayNothingIsDueButTheNextLook() {
    work.hasUnsealed = true;
    uploader.startListing("");
    assertThat(timetable.whileCaptured(now())).isEqualTo(Timetable.POLL_NANOS);
    assertThat(timetable.whileWaiting(now(), true, now())).isEqualTo(Timetable.POLL_NANOS);
  }

  @Test
  void aFailingStoreIsTriedAgainWhenItsWaitIsOver() {
    failOneRequest();
    work.canSeal = true;
    long wait = timetable.whileLeft(now());
    assertThat(wait).isPositive().isLessThan(Timetable.POLL_NANOS);
    assertThat(timetable.whileWaiting(now(), true, now())).isEqualTo(wait);
    assertThat(timetable.whileAsking(now())).isEqualTo(wait);
    clock.passNanos(wait / 2);
    assertThat(timetable.whileLeft(now())).isEqualTo(wait - wait / 2);
    clock.passNanos(wait);
    assertThat(timetable.whileLeft(now())).isZero();
  }

  @Test
  void aClosedDatabaseOfWhichEverythingIsKnownAndStoredIsLeftToItself() {
    assertThat(timetable.whileWaiting(now(), true, now())).isEqualTo(Timetable.UNTIL_COMMIT);
  }

  @Test
  void aCloseThatIsNotAccountedForIsLookedAtWhenCaptureMayBegin() {
    assertThat(timetable.whileWaiting(now(), false, now() + 5)).isEqualTo(5);
    assertThat(timetable.whileWaiting(now(), false, now() - 5)).isZero();
  }

  @Test
  void whatWasSealedByADatabaseThatIsLeftIsUploadedAtOnce() {
    assertThat(timetable.whileLeft(now())).isEqualTo(Timetable.POLL_NANOS);
    work.canSeal = true;
    assertThat(timetable.whileLeft(now())).isZero();
    work.canSeal = false;
    work.hasSealed = true;
    assertThat(timetable.whileLeft(now())).isZero();
  }
}

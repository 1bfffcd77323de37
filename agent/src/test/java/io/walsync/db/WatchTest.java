package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.checkpoint.Pins;
import io.walsync.db.events.Decision;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";

  @TempDir Path folder;

  private static void lookFor(PartsByHand database, Duration time, Duration step) throws Exception {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
      database.clock.pass(step);
      database.watch.look(database.clock.nanoTime());
    }
  }

  private static void seal(PartsByHand database) throws Exception {
    while (database.parts.session.backlog().hasPending()) {
      database.parts.session.backlog().seal();
    }
  }

  @Test
  void aCommitIsTakenInWithTheNextLook() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      seal(database);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.backlog().hasBatch()).isFalse();
      app.execute(ROW);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.backlog().hasBatch()).isTrue();
    }
  }

  @Test
  void aPinThatProtectsNothingIsReleasedSoonerThanOneThatDoes() throws Exception {
    Duration keepUp = Duration.ofNanos(Pins.KEEP_UP_NANOS);
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      seal(database);
      app.execute(ROW);
      database.watch.look(database.clock.nanoTime());
      lookFor(database, keepUp.multipliedBy(5), keepUp);
      assertThat(database.parts.session.isPinned()).as("a commit waits for its copy").isTrue();
      database.clock.passNanos(1);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.isPinned()).isFalse();
      assertThat(database.parts.session.backlog().hasStaged())
          .as("it was copied for that")
          .isTrue();
      assertThat(database.heard.decisions).contains(Decision.PIN_RELEASED);

      seal(database);
      app.execute(ROW);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.isPinned()).as("a commit brings it back").isTrue();
      seal(database);
      lookFor(database, keepUp.multipliedBy(2), keepUp);
      assertThat(database.parts.session.isPinned()).isTrue();
      database.clock.passNanos(1);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.isPinned()).isFalse();
    }
  }

  @Test
  void whatIsIdleForLongEnoughRestsUntilACommit() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      seal(database);
      lookFor(database, ByHand.REST_AFTER, Duration.ofMillis(1));
      assertThat(database.parts.session.isResting()).isFalse();
      lookFor(database, Duration.ofMillis(1), Duration.ofMillis(1));
      assertThat(database.parts.session.isResting()).isTrue();
      app.execute(ROW);
      database.watch.look(database.clock.nanoTime());
      assertThat(database.parts.session.isResting()).isFalse();
    }
  }

  @Test
  void whatIsNotSealedKeepsItFromResting() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      seal(database);
      app.execute(ROW);
      lookFor(database, Duration.ofMinutes(1), Duration.ofMillis(500));
      assertThat(database.parts.session.isResting()).isFalse();
      seal(database);
      lookFor(database, Duration.ofSeconds(1), Duration.ofMillis(500));
      assertThat(database.parts.session.isResting()).isTrue();
    }
  }

  @Test
  void itLooksAroundOnceASecond() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      Watch watch = database.watch;
      long now = database.clock.nanoTime();
      watch.isPollDue(now, false);
      assertThat(watch.isPollDue(now, false)).isFalse();
      assertThat(watch.isPollDue(now + Timetable.POLL_NANOS - 1, false)).isFalse();
      assertThat(watch.isPollDue(now + Timetable.POLL_NANOS, false)).isTrue();
      assertThat(watch.isPollDue(now + Timetable.POLL_NANOS, false)).isFalse();
      assertThat(watch.isPollDue(now + Timetable.POLL_NANOS, true)).as("the end").isTrue();
      assertThat(watch.isPollDue(now + Timetable.POLL_NANOS, true)).isFalse();
    }
  }
}

package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.db.events.Refusal;
import io.walsync.db.history.Compactor;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.upload.Replicator;
import io.walsync.db.upload.Uploader;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CourseTest {

  private final ManualClock clock = new ManualClock();
  private final PartsByHand.Heard heard = new PartsByHand.Heard();
  private final Course course = new Course(new File("app.db"), heard, clock);

  /** By a way that the table allows. */
  private void go(DbState state) {
    if (state == DbState.RESTING || state == DbState.AWAY) {
      course.enter(DbState.REPLICATING, "");
    }
    course.enter(state, "");
  }

  private boolean isStartDue() {
    return course.isStartDue(clock.nanoTime());
  }

  @Test
  void itBeginsIdleAndMayStartAtOnce() {
    assertThat(course.is(DbState.IDLE)).isTrue();
    assertThat(isStartDue()).isTrue();
  }

  @Test
  void aStartIsDueWhenItsTimeHasComeAndNotBefore() {
    course.beginAt(clock.nanoTime() + 100, "");
    clock.passNanos(99);
    assertThat(isStartDue()).isFalse();
    clock.passNanos(1);
    assertThat(isStartDue()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatWaitsForItMayStart(DbState state) {
    go(state);
    clock.pass(Duration.ofHours(1));
    assertThat(isStartDue())
        .isEqualTo(List.of(DbState.IDLE, DbState.AWAY, DbState.SUSPENDED).contains(state));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LEFT", "REFUSED"},
      mode = EnumSource.Mode.EXCLUDE)
  void whateverItDoesItCanBeginAgain(DbState state) {
    go(state);
    course.beginAt(clock.nanoTime(), "");
    assertThat(course.state()).isEqualTo(DbState.IDLE);
    assertThat(course.impossibleChange()).isNull();
  }

  @Test
  void whatTheAgentHasLeftDoesNotBeginAgain() {
    course.enter(DbState.LEFT, "");
    course.beginAt(clock.nanoTime(), "");
    assertThat(course.state()).isEqualTo(DbState.LEFT);
    assertThat(course.hasLeft()).isTrue();
    assertThat(isStartDue()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void captureEndsWhereThereIsOneOrWillBeAtOnce(DbState state) {
    go(state);
    course.endCapture("");
    boolean isEnded = List.of(DbState.REPLICATING, DbState.RESTING, DbState.AWAY).contains(state);
    assertThat(course.state()).isEqualTo(isEnded ? DbState.IDLE : state);
  }

  @Test
  void aRefusalIsKeptWithItsReason() {
    assertThat(course.refusal()).isNull();
    Refusal refusal = Refusal.fenced(new IOException("another writer"));
    course.refuse(refusal);
    assertThat(course.refusal()).isSameAs(refusal);
    assertThat(course.state()).isEqualTo(DbState.REFUSED);
    assertThat(course.hasLeft()).isTrue();
  }

  @Test
  void eachChangeIsToldWithItsReasonAndTheTimeBefore() {
    clock.pass(Duration.ofMillis(12));
    course.enter(DbState.REPLICATING, "held");
    course.enter(DbState.REPLICATING, "again");
    clock.pass(Duration.ofMillis(30));
    assertThat(Duration.ofNanos(course.stateNanos())).hasMillis(30);
    course.enter(DbState.RESTING, "quiet");
    assertThat(heard.changes)
        .containsExactly(
            "IDLE -> REPLICATING (held) after 12", "REPLICATING -> RESTING (quiet) after 30");
    assertThat(course.stateNanos()).isZero();
  }

  @Test
  void aChangeThatIsNotInTheTableIsMadeAndToldOnce() {
    course.enter(DbState.REFUSED, "");
    assertThatThrownBy(() -> course.enter(DbState.IDLE, "by mistake"))
        .isInstanceOf(AssertionError.class);
    assertThat(course.state()).isEqualTo(DbState.IDLE);
    course.enter(DbState.REFUSED, "");
    assertThatThrownBy(() -> course.enter(DbState.IDLE, "by mistake"))
        .isInstanceOf(AssertionError.class);
    assertThat(heard.impossible).containsExactly("REFUSED -> IDLE (by mistake)");
    assertThat(course.impossibleChange()).isEqualTo("REFUSED -> IDLE (by mistake)");
  }

  @Test
  void aStoreThatCannotBeAskedYetIsAskedWhenItCan(@TempDir Path folder) throws Exception {
    Uploader uploader =
        new Uploader(
            () -> {
              throw new UncheckedIOException(new IOException("the store is away"));
            },
            Runnable::run,
            0,
            new Random(1),
            clock,
            () -> {});
    DbSettings settings = new ByHand(folder, "").settings(client -> client, heard);
    Compactor compactor = new Compactor(settings, null, uploader.fence(), () -> false);
    Replicator replicator = new Replicator(uploader, null, null, compactor, heard, null, clock);
    uploader.startListing("");
    uploader.collect();
    long waitNanos = replicator.waitNanos(clock.nanoTime(), false);
    assertThat(waitNanos).isPositive();
    course.ask(replicator);
    assertThat(course.state()).isEqualTo(DbState.IDLE);
    assertThat(course.startAtNanos() - clock.nanoTime())
        .isEqualTo(Math.max(Course.RETRY_NANOS, waitNanos));
    clock.passNanos(waitNanos);
    course.ask(replicator);
    assertThat(course.state()).isEqualTo(DbState.ASKING);
  }
}

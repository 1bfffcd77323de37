package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.upload.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {

  @TempDir Path folder;

  private static boolean isDue(PartsByHand database) {
    return database.opening.isDue(database.clock.nanoTime());
  }

  @Test
  void itIsDueWhileSomebodyHasTheDatabaseOpenAndStays() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      assertThat(isDue(database)).as("nobody").isFalse();
      try (PartsByHand.App app = database.open()) {
        assertThat(isDue(database)).isTrue();
        database.connections.leave(app.hook, true);
        assertThat(isDue(database)).as("about to close").isFalse();
        database.connections.stays(app.hook);
        assertThat(isDue(database)).isTrue();
      }
      assertThat(isDue(database)).as("closed").isFalse();
    }
  }

  @Test
  void itWaitsForAStatementThatWantsTheDatabaseAloneForASecondAtMost() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.open()) {
      database.connections.leave(app.hook, false);
      assertThat(isDue(database)).isFalse();
      database.clock.pass(Duration.ofSeconds(1).minusNanos(1));
      assertThat(isDue(database)).isFalse();
      database.clock.passNanos(1);
      assertThat(isDue(database)).isTrue();
    }
  }

  @Test
  void aDatabaseWithoutAPageIsLookedAtAgainInASecond() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.open()) {
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.course.startAtNanos() - database.clock.nanoTime())
          .isEqualTo(Timetable.POLL_NANOS);
    }
  }

  @Test
  void withoutLocalStateTheReplicaIsAskedBeforeAnythingIsCaptured() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app =
            database.open().execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)")) {
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.ASKING);
      assertThat(isDue(database)).isFalse();
      assertThat(database.answer()).isEqualTo(Answer.Kind.BEGIN_AGAIN);
      assertThat(isDue(database)).isTrue();
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      assertThat(database.parts.session.isPinned()).isTrue();
      assertThat(database.opening.isThroughAnotherDriver()).isFalse();
    }
  }

  @Test
  void aFileThatNobodyHasOpenIsNotCaptured() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.parts.session.abandon();
      database.parts.course.beginAt(database.clock.nanoTime(), "");
      Path other = folder.resolve("other.db");
      Files.copy(database.file.toPath(), other);
      Files.move(other, database.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
    }
  }

  @Test
  void whatIsSuspendedIsTriedOnceMoreAtTheEndOfTheProcess() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.open()) {
      database.parts.course.enter(DbState.SUSPENDED, "");
      database.parts.course.startAt(database.clock.nanoTime() + Timetable.POLL_NANOS);
      assertThat(isDue(database)).isFalse();
      database.parts.drain.begin();
      assertThat(isDue(database)).as("in a turn that began before").isFalse();
      database.parts.drain.turnBegins();
      assertThat(isDue(database)).isTrue();
      assertThat(isDue(database)).as("once").isFalse();
    }
  }
}

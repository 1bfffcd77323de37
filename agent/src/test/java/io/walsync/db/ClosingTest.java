package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.db.application.SwitchPostponedException;
import io.walsync.db.upload.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosingTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";

  @TempDir Path folder;

  private static Duration quiet(PartsByHand database) {
    return Duration.ofNanos(database.closing.quietNanos(database.clock.nanoTime()));
  }

  @Test
  void whatNobodyHasOpenedIsSettled() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      assertThat(database.closing.isSettled()).isTrue();
    }
  }

  @Test
  void eachOpenIsToBeAccountedForOnce() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      app.execute(ROW);
      assertThat(database.closing.isSettled()).isFalse();
      app.close();
      database.parts.course.endCapture("the last connection has closed");
      database.closing.settle(true);
      assertThat(database.closing.isSettled()).isTrue();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.session.backlog().hasStaged()).isTrue();
      database.closing.forget();
      assertThat(database.closing.isSettled()).as("to be looked at again").isFalse();
    }
  }

  @Test
  void withoutLocalStateTheReplicaIsAskedAfterAClose() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      database.open().execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)").close();
      database.closing.settle(true);
      assertThat(database.state()).isEqualTo(DbState.ASKING);
      assertThat(database.closing.isSettled()).isFalse();
      assertThat(database.answer()).isEqualTo(Answer.Kind.BEGIN_AGAIN);
      database.closing.settle(true);
      assertThat(database.closing.isSettled()).isTrue();
      assertThat(database.parts.local.hasSealed()).as("the first snapshot").isTrue();
    }
  }

  @Test
  void nobodyIsMadeToWaitForAComparison() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      database.open().execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)").close();
      database.closing.settle(false);
      database.answer();
      database.closing.settle(false);
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.closing.isSettled()).isFalse();
      assertThat(database.parts.local.hasSealed()).isFalse();
      database.closing.settle(true);
      assertThat(database.closing.isSettled()).isTrue();
    }
  }

  @Test
  void aDatabaseThatWasDeletedNeedsNoAccount() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      database.open().execute("CREATE TABLE t(v)").close();
      Files.delete(database.file.toPath());
      database.closing.settle(true);
      assertThat(database.closing.isSettled()).isTrue();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
    }
  }

  @Test
  void besideADatabaseThatWasJustClosedNothingIsWrittenForAQuarterOfASecond() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      app.close();
      assertThat(quiet(database)).isZero();
      database.closing.returns();
      assertThat(quiet(database)).hasMillis(250);
      database.clock.pass(Duration.ofMillis(249));
      assertThat(quiet(database)).hasMillis(1);
      database.clock.pass(Duration.ofMillis(1));
      assertThat(quiet(database)).isZero();
    }
  }

  @Test
  void aNewOpenEndsThatPause() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      app.close();
      database.closing.returns();
      try (PartsByHand.App again = database.open()) {
        assertThat(again).isNotNull();
        assertThat(quiet(database)).isZero();
      }
    }
  }

  @Test
  void besideADatabaseThatIsNewNothingIsWrittenBeforeItIsASecondOld() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      PartsByHand.App app = database.open();
      app.execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)");
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.ASKING);
      database.clock.pass(Duration.ofMillis(300));
      app.close();
      database.closing.returns();
      assertThat(quiet(database)).hasMillis(700);
      database.answer();
      assertThat(quiet(database)).as("the replica has answered").hasMillis(250);
    }
  }

  @Test
  void besideANewDatabaseThatIsStillToBeSwitchedToWalNothingIsWrittenEither() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      PartsByHand.App app = database.open();
      app.execute("CREATE TABLE t(v)");
      app.close();
      assertThatThrownBy(() -> database.closing.settle(false))
          .isInstanceOf(SwitchPostponedException.class);
      database.closing.returns();
      assertThat(quiet(database)).hasMillis(1000);
      database.clock.pass(Duration.ofMillis(1000));
      assertThat(quiet(database)).isZero();
    }
  }
}

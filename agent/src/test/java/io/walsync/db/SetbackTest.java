package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.events.Refusal;
import io.walsync.db.staging.StagingDamagedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetbackTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";

  @TempDir Path folder;

  private static Duration wait(PartsByHand database) {
    return Duration.ofNanos(database.parts.course.startAtNanos() - database.clock.nanoTime());
  }

  @Test
  void whatIsBegunAgainHoldsNothingMeanwhile() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      app.execute(ROW);
      database.setback.beginAgainAt(database.clock.nanoTime() + 500, "a test");
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.session.isInside()).isFalse();
      assertThat(database.closing.isSettled()).isFalse();
      assertThat(wait(database)).hasNanos(500);
      database.clock.passNanos(500);
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      assertThat(database.parts.session.backlog().hasPending()).as("what was committed").isTrue();
    }
  }

  @Test
  void aRefusedDatabaseIsLetGoAndToldOnce() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Refusal refusal = Refusal.fenced(new IOException("another writer"));
      database.setback.refuse(refusal);
      assertThat(database.state()).isEqualTo(DbState.REFUSED);
      assertThat(database.parts.session.isInside()).isFalse();
      assertThat(database.heard.refusals).containsExactly(refusal);
      assertThat(database.opening.isDue(database.clock.nanoTime())).isFalse();
    }
  }

  @Test
  void whatFailsIsTriedAgainLaterAndLater() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.setback.suspend(new IOException("a test"));
      assertThat(database.state()).isEqualTo(DbState.SUSPENDED);
      assertThat(database.parts.session.isInside()).isFalse();
      Duration first = wait(database);
      assertThat(first).isPositive();
      for (int i = 0; i < 20; i++) {
        database.setback.suspend(new IOException("a test"));
      }
      assertThat(wait(database)).isGreaterThan(first.multipliedBy(5));
      assertThat(database.parts.local.isSuspect()).as("what is staged is looked at").isTrue();
    }
  }

  @Test
  void aConnectionThatKeepsTheDatabaseToItselfMayGiveItBackAtAnyMoment() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      for (int i = 0; i < 20; i++) {
        database.setback.suspend(ExclusiveLockingException.notTaken());
      }
      assertThat(wait(database)).isEqualTo(Duration.ofNanos(Course.RETRY_NANOS));
      assertThat(database.parts.local.isSuspect()).as("no fault of the folder's").isFalse();
    }
  }

  @Test
  void whatTheAgentHasLeftIsNotSuspended() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.parts.course.enter(DbState.LEFT, "");
      database.setback.suspend(new IOException("a test"));
      assertThat(database.state()).isEqualTo(DbState.LEFT);
    }
  }

  @Test
  void aRetiredFolderIsForgottenAndTheReplicaAsked() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.setback.askReplica();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.local.isInitialised()).isFalse();
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.ASKING);
    }
  }

  @Test
  void aDamagedFolderIsGivenUpWhileTheDatabaseIsThere() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.setback.giveUpLocalState(new StagingDamagedException("a test"));
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.local.isOpen()).isFalse();
      assertThat(database.closing.isSettled()).isFalse();
    }
  }

  @Test
  void theFolderOfADeletedDatabaseIsLetGoWithoutAWrite() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      app.close();
      Files.delete(database.file.toPath());
      database.setback.giveUpLocalState(new StagingDamagedException("a test"));
      assertThat(database.parts.local.isOpen()).isFalse();
      assertThat(database.closing.isSettled()).as("there is no more to come").isTrue();
    }
  }

  @Test
  void aNewDatabaseThatIsDeletedVanishesUnlessSomethingIsStaged() throws Exception {
    try (PartsByHand database = new PartsByHand(folder)) {
      PartsByHand.App app = database.open();
      app.execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)");
      database.opening.begin();
      app.close();
      database.setback.vanishIfDeleted();
      assertThat(database.state()).as("it is there").isEqualTo(DbState.ASKING);
      Files.delete(database.file.toPath());
      database.setback.vanishIfDeleted();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.local.isOpen()).isFalse();
      assertThat(database.closing.isSettled()).isTrue();
    }
  }
}

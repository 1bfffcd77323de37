package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.capture.Capture;
import io.walsync.db.events.Decision;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingBoundTest {

  private static final long BOUND = 16L << 20;
  private static final String SMALL = "staging-max-bytes: 16MiB";
  private static final String MEGABYTE = "INSERT INTO t VALUES(randomblob(1000000))";

  /** Longer than the watch waits before it copies what a pin protects. */
  private static final Duration QUIET = Duration.ofMillis(150);

  @TempDir Path folder;

  private static void takeTurn(PartsByHand database) throws Exception {
    database.clock.pass(QUIET);
    long now = database.clock.nanoTime();
    database.watch.look(now);
    database.watch.checkpoint(now);
    database.watch.look(now);
    if (database.watch.isPollDue(now, false)) {
      database.parts.session.lookAround(false);
    }
  }

  private static long staged(PartsByHand database) {
    return database.parts.local.stagedBytes();
  }

  /** The store takes one file after the other, until nothing waits. */
  private static long uploadAll(PartsByHand database) throws Exception {
    return uploadAll(database, Duration.ofSeconds(2));
  }

  private static long uploadAll(PartsByHand database, Duration pause) throws Exception {
    long most = 0;
    Session session = database.parts.session;
    while (session.backlog().hasPending() || session.backlog().hasSealed()) {
      database.clock.pass(pause);
      database.parts.replicator.upload(session.backlog()::seal, database.clock.nanoTime());
      most = Math.max(most, staged(database));
      database.answer();
    }
    return most;
  }

  private void assertRestoresTo(File database) throws Exception {
    File restored = folder.resolve("restored.db").toFile();
    new Restore(
            new FileReplicaClient(folder.resolve("replica").toFile()),
            RestoreOptions.defaults(),
            RestoreProgress.NONE)
        .run(RestoreTarget.latest(), restored);
    assertThat(DatabaseText.of(restored)).isEqualTo(DatabaseText.of(database));
  }

  @Test
  void whatDoesNotFitBelowTheBoundStaysInTheWalUntilTheStoreTakesWhatWaits() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      uploadAll(database);
      for (int commit = 0; commit < 60; commit++) {
        app.execute(MEGABYTE);
        takeTurn(database);
        assertThat(staged(database)).isLessThanOrEqualTo(BOUND);
      }
      assertThat(database.heard.stagingFullCount).as("said once").isEqualTo(1);
      assertThat(database.parts.session.runBytes()).as("in the WAL").isGreaterThan(40_000_000L);

      assertThat(uploadAll(database)).isLessThan(50_000_000L);
      takeTurn(database);
      stayQuiet(database);
      assertThat(database.heard.stagingRoomCount).as("room again").isEqualTo(1);
      assertThat(staged(database)).isZero();
    }
    assertRestoresTo(folder.resolve("app.db").toFile());
  }

  /** For as long as room must last before it is told. */
  private static void stayQuiet(PartsByHand database) throws Exception {
    long end = database.clock.nanoTime() + Duration.ofSeconds(12).toNanos();
    while (database.clock.nanoTime() - end < 0) {
      takeTurn(database);
    }
  }

  @Test
  void besideAWriterThatFillsTheFolderAgainAndAgainItIsToldOnce() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      uploadAll(database);
      for (int file = 0; file < 5; file++) {
        for (int commit = 0; commit < 40; commit++) {
          app.execute(MEGABYTE);
          takeTurn(database);
        }
        uploadAll(database);
      }
      assertThat(database.heard.stagingFullCount).isEqualTo(1);
      assertThat(database.heard.stagingRoomCount).isZero();
      stayQuiet(database);
      assertThat(database.heard.stagingRoomCount).isEqualTo(1);
    }
  }

  @Test
  void aLackOfRoomThatIsSoonOverIsNotTold() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      uploadAll(database);
      database.heard.decisions.clear();
      while (!database.heard.decisions.contains(Decision.CHECKPOINT_SKIPPED)) {
        app.execute(MEGABYTE);
        takeTurn(database);
      }
      takeTurn(database);
      uploadAll(database, QUIET);
      stayQuiet(database);
      assertThat(database.heard.stagingFullCount).isZero();
      assertThat(database.heard.stagingRoomCount).isZero();
    }
  }

  @Test
  void aFullFolderIsNotMergedAnewAtEachCommit() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      uploadAll(database);
      for (int commit = 0; commit < 100; commit++) {
        app.execute(MEGABYTE);
        takeTurn(database);
      }
      assertThat(database.heard.mergeCount).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void pagesThatAreWrittenAgainAndAgainNeedNoMoreRoomThanOnce() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      app.execute(MEGABYTE);
      takeTurn(database);
      uploadAll(database);
      for (int commit = 0; commit < 120; commit++) {
        app.execute("UPDATE t SET v=randomblob(1000000)");
        takeTurn(database);
      }
      assertThat(database.heard.stagingFullCount).isZero();
      assertThat(database.heard.mergeCount).isBetween(1, 6);
      uploadAll(database);
    }
    assertRestoresTo(folder.resolve("app.db").toFile());
  }

  @Test
  void aNewHoldDuringAnOutageLeavesInTheWalWhatDoesNotFit() throws Exception {
    try (PartsByHand database = new PartsByHand(folder, SMALL);
        PartsByHand.App app = database.captured()) {
      app.execute("PRAGMA wal_autocheckpoint=0");
      uploadAll(database);
      for (int commit = 0; commit < 40; commit++) {
        app.execute(MEGABYTE);
        database.watch.look(database.clock.nanoTime());
        database.clock.pass(QUIET);
        database.watch.look(database.clock.nanoTime());
      }
      database.parts.session.abandon();
      app.execute(MEGABYTE);
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      assertThat(database.heard.decisions).contains(Decision.PLACE_TRUSTED);
      assertThat(staged(database)).isBetween(BOUND / 2, BOUND);
      Capture capture = database.parts.session.grip().capture();
      assertThat(capture.batchBytes()).isGreaterThan(BOUND);
      uploadAll(database);
    }
    assertRestoresTo(folder.resolve("app.db").toFile());
  }
}

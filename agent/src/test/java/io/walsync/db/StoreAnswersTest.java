package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.db.events.Refusal;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.replica.Owner;
import io.walsync.replica.file.FileReplicaClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreAnswersTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";
  private static final String[] TABLE = {"PRAGMA journal_mode=wal", "CREATE TABLE t(v)"};

  @TempDir Path folder;

  private static void hear(PartsByHand database) throws Exception {
    new StoreAnswers(database.parts, database.setback).act();
  }

  /** Has the store be asked for the next file. */
  private static void upload(PartsByHand database) throws Exception {
    database.clock.passNanos(database.parts.syncIntervalNanos);
    database.parts.replicator.upload(
        database.parts.session.backlog()::seal, database.clock.nanoTime());
    assertThat(database.parts.replicator.isBusy()).isTrue();
  }

  private File replica() {
    return folder.resolve("replica").toFile();
  }

  private static List<Path> ltxFiles(File place) throws IOException {
    try (Stream<Path> files = Files.walk(place.toPath())) {
      return files.filter(file -> file.toString().endsWith(".ltx")).sorted().toList();
    }
  }

  /** In the place of the replica's folder, which then can be neither listed nor written. */
  private void breakReplica() throws IOException {
    if (replica().exists()) {
      Files.move(replica().toPath(), folder.resolve("moved"));
    }
    Files.writeString(replica().toPath(), "no folder");
  }

  @Test
  void withoutAnAnswerNothingChanges() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      List<String> before = List.copyOf(database.heard.changes);
      hear(database);
      assertThat(database.heard.changes).isEqualTo(before);
    }
  }

  @Test
  void aReplicaThatIsKnownIsBegunAtOnce() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.open().execute(TABLE)) {
      database.opening.begin();
      assertThat(database.state()).isEqualTo(DbState.ASKING);
      hear(database);
      assertThat(database.state()).as("no answer yet").isEqualTo(DbState.ASKING);
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.course.startAtNanos()).isEqualTo(database.clock.nanoTime());
      assertThat(database.parts.local.isInitialised()).isTrue();
    }
  }

  @Test
  void aReplicaThatCannotBeReachedIsAskedAgainWhenTheWaitIsOver() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.open().execute(TABLE)) {
      database.opening.begin();
      breakReplica();
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      long now = database.clock.nanoTime();
      long wait = database.parts.replicator.waitNanos(now, false);
      assertThat(wait).isPositive();
      assertThat(database.parts.course.startAtNanos()).isEqualTo(now + wait);
    }
  }

  @Test
  void anUploadThatFailsDoesNotEndTheCapture() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      upload(database);
      breakReplica();
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      assertThat(database.parts.replicator.isFailing()).isTrue();
      assertThat(database.parts.session.backlog().hasSealed()).as("kept").isTrue();
    }
  }

  @Test
  void aStagedFileThatIsGoneEndsTheTurn() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      upload(database);
      for (Path staged : ltxFiles(database.parts.local.staging().folder())) {
        Files.delete(staged);
      }
      database.storeAnswers();
      assertThatThrownBy(() -> hear(database)).isInstanceOf(StagingDamagedException.class);
    }
  }

  @Test
  void aReplicaThatSomebodyElseHasTakenOverRefusesTheDatabase() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      upload(database);
      database.storeAnswers();
      hear(database);
      FileReplicaClient other = new FileReplicaClient(replica());
      assertThat(other.replaceOwner(other.owner(), new Owner(99, "other", "another host", "1", 1)))
          .isTrue();
      app.execute(ROW);
      database.parts.session.advance();
      upload(database);
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).isEqualTo(DbState.REFUSED);
      assertThat(database.heard.refusals)
          .extracting(Refusal::code)
          .containsExactly(Refusal.Code.FENCED);
    }
  }

  @Test
  void aFolderThatTheReplicaIsAheadOfIsGivenUp() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      upload(database);
      database.storeAnswers();
      hear(database);
      Path snapshot = ltxFiles(replica()).get(0);
      Files.move(snapshot, snapshot.resolveSibling("0000000000000001-0000000000000063.ltx"));
      app.execute(ROW);
      database.parts.session.advance();
      upload(database);
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).as("only the listing tells").isEqualTo(DbState.REPLICATING);
      upload(database);
      database.storeAnswers();
      hear(database);
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.parts.local.isInitialised()).isFalse();
    }
  }
}

package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacklogTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";

  @TempDir Path folder;

  private static Backlog emptied(PartsByHand database) throws Exception {
    Backlog backlog = database.parts.session.backlog();
    while (backlog.seal()) {
      assertThat(backlog.hasSealed()).isTrue();
    }
    assertThat(backlog.hasPending()).isFalse();
    return backlog;
  }

  private static int sealedCount(PartsByHand database) throws Exception {
    return database.parts.local.staging().sealed().list().size();
  }

  @Test
  void aCommitWaitsInTheWalUntilAFileOfItIsSealed() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Backlog backlog = emptied(database);
      int before = sealedCount(database);
      app.execute(ROW);
      database.parts.session.advance();
      assertThat(backlog.hasBatch()).isTrue();
      assertThat(backlog.hasUnsealed()).isTrue();
      assertThat(backlog.hasPending()).isTrue();
      assertThat(backlog.hasStaged()).isFalse();
      assertThat(backlog.canSeal()).as("without a look at the WAL").isFalse();
      assertThat(backlog.seal()).isTrue();
      assertThat(backlog.hasPending()).isFalse();
      assertThat(sealedCount(database)).isEqualTo(before + 1);
      assertThat(backlog.seal()).as("twice").isFalse();
    }
  }

  @Test
  void whatIsStagedAndWhatWaitsInTheWalBecomeOneFile() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Backlog backlog = emptied(database);
      int before = sealedCount(database);
      app.execute(ROW);
      database.parts.session.advance();
      database.parts.session.grip().capture().copy();
      assertThat(backlog.hasStaged()).isTrue();
      assertThat(backlog.hasBatch()).isFalse();
      assertThat(backlog.canSeal()).isTrue();
      app.execute(ROW);
      database.parts.session.advance();
      assertThat(backlog.hasBatch()).isTrue();
      assertThat(backlog.seal()).isTrue();
      assertThat(backlog.hasStaged()).isFalse();
      assertThat(backlog.hasBatch()).isFalse();
      assertThat(sealedCount(database)).isEqualTo(before + 1);
    }
  }

  @Test
  void aFolderThatAFailureMayHaveLeftHalfDoneSealsNothing() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Backlog backlog = emptied(database);
      app.execute(ROW);
      database.parts.session.advance();
      database.parts.session.grip().capture().copy();
      database.parts.local.suspect();
      assertThat(backlog.canSeal()).isFalse();
      assertThat(backlog.seal()).isFalse();
      assertThat(backlog.hasStaged()).as("kept").isTrue();
      database.parts.local.open();
      assertThat(backlog.canSeal()).isTrue();
      assertThat(backlog.seal()).isTrue();
    }
  }

  @Test
  void aCommitThatOthersMayOverwriteIsNotSealedFromTheWal() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Backlog backlog = emptied(database);
      assertThat(backlog.isPinned()).isTrue();
      database.parts.session.grip().leave(Entrance.Step::take);
      assertThat(backlog.isPinned()).isFalse();
      app.execute(ROW);
      assertThat(database.parts.session.grip().capture().advance()).isTrue();
      assertThat(backlog.hasBatch()).isTrue();
      assertThat(backlog.seal()).isFalse();
      assertThat(backlog.hasBatch()).as("still there").isTrue();
    }
  }

  @Test
  void ofADatabaseThatIsNotOpenOnlyWhatIsStagedIsKnown() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Backlog backlog = emptied(database);
      app.execute(ROW);
      database.parts.session.advance();
      database.parts.session.grip().capture().copy();
      database.parts.session.grip().abandon();
      assertThat(backlog.hasBatch()).isFalse();
      assertThat(backlog.isInDoubt()).isFalse();
      assertThat(backlog.isPinned()).isFalse();
      assertThat(backlog.hasPending()).isTrue();
      assertThat(backlog.seal()).isTrue();
    }
  }
}

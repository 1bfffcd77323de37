package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.files.DatabaseFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GripTest {

  private static final String ROW = "INSERT INTO t VALUES(randomblob(300))";

  @TempDir Path folder;

  private static Grip grip(PartsByHand database) {
    return database.parts.session.grip();
  }

  @Test
  void aDatabaseThatIsCapturedIsHeldUnderAPin() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Grip grip = grip(database);
      assertThat(grip.kind()).isEqualTo(Grip.Kind.HELD);
      assertThat(grip.isOpen()).isTrue();
      assertThat(grip.isInside()).isTrue();
      assertThat(grip.isPinned()).isTrue();
      assertThat(grip.fileKey()).isEqualTo(DatabaseFile.of(database.file).key());
      assertThat(grip.checkpointer()).isNotNull();
    }
  }

  @Test
  void aReleasedPinIsTakenAgain() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Grip grip = grip(database);
      grip.relax();
      assertThat(grip.kind()).isEqualTo(Grip.Kind.HELD);
      assertThat(grip.isPinned()).isFalse();
      assertThat(grip.isInside()).isFalse();
      grip.repin();
      assertThat(grip.isPinned()).isTrue();
      assertThat(grip.isInside()).isTrue();
    }
  }

  @Test
  void afterItHasLeftWhatOthersCommitCanStillBeRead() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Grip grip = grip(database);
      grip.leave(Entrance.Step::take);
      assertThat(grip.kind()).isEqualTo(Grip.Kind.LEFT);
      assertThat(grip.isInside()).isFalse();
      app.execute(ROW);
      assertThat(grip.capture().advance()).isTrue();
      assertThat(grip.isWalKeptByOthers()).isTrue();
      grip.close();
      assertThat(grip.kind()).isEqualTo(Grip.Kind.NONE);
      assertThat(grip.fileKey()).isNull();
    }
  }

  @Test
  void aDatabaseThatRestsIsKnownByItsFileAndNothingElse() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      while (database.parts.session.backlog().hasPending()) {
        database.parts.session.backlog().seal();
      }
      database.parts.session.rest();
      Grip grip = grip(database);
      assertThat(grip.kind()).isEqualTo(Grip.Kind.RESTING);
      assertThat(grip.isOpen()).isFalse();
      assertThat(grip.rest().isUndisturbed()).isTrue();
      assertThat(grip.fileKey()).isEqualTo(DatabaseFile.of(database.file).key());
      app.execute(ROW);
      assertThat(grip.rest().isUndisturbed()).isFalse();
      database.parts.session.advance();
      assertThat(grip.kind()).isEqualTo(Grip.Kind.HELD);
      assertThat(database.parts.session.backlog().hasStaged()).as("nothing was missed").isTrue();
    }
  }

  @Test
  void aConnectionThatWasOpenForAMomentIsFollowedWithoutAPin() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      database.parts.session.letGo(false);
      Grip grip = grip(database);
      grip.close();
      grip.follow();
      assertThat(grip.kind()).isEqualTo(Grip.Kind.FOLLOWING);
      assertThat(grip.isPinned()).isFalse();
      app.execute(ROW);
      assertThat(grip.capture().advance()).isTrue();
    }
  }

  @Test
  void eachStepAsksWhatIsOpen() throws Exception {
    try (PartsByHand database = new PartsByHand(folder);
        PartsByHand.App app = database.captured()) {
      Grip grip = grip(database);
      assertThatThrownBy(grip::rest).isInstanceOf(AssertionError.class);
      assertThatThrownBy(grip::follow).isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> grip.take(DatabaseFile.of(database.file), Entrance.Step::take))
          .isInstanceOf(AssertionError.class);
      grip.abandon();
      assertThat(grip.kind()).isEqualTo(Grip.Kind.NONE);
      assertThatThrownBy(grip::hold).isInstanceOf(AssertionError.class);
      assertThatThrownBy(grip::capture).isInstanceOf(AssertionError.class);
      assertThatThrownBy(grip::relax).isInstanceOf(AssertionError.class);
      assertThatThrownBy(grip::repin).isInstanceOf(AssertionError.class);
      assertThatThrownBy(grip::resynchronise).isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> grip.leave(Entrance.Step::take)).isInstanceOf(AssertionError.class);
    }
  }
}

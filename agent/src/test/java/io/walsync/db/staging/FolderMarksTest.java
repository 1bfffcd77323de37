package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderMarksTest {

  @TempDir Path folder;

  private Staging open() throws IOException {
    return Staging.open(Disk.REAL, folder.resolve("staging").toFile());
  }

  @Test
  void aFolderThatWasForgottenKnowsWhichReplicaItWasAbout() throws Exception {
    try (Staging staging = open()) {
      assertThat(staging.marks().wasReplicatedTo("file:///a")).isFalse();
      staging.save(Position.before(0).of("file:///a", ""));
      staging.clear();
    }
    try (Staging staging = open()) {
      assertThat(staging.marks().wasReplicatedTo("file:///a")).isTrue();
      assertThat(staging.marks().wasReplicatedTo("file:///b")).isFalse();

      staging.marks().forgetReplica();

      assertThat(staging.marks().wasReplicatedTo("file:///a")).isFalse();
    }
  }

  @Test
  void thatTheMachineWasStartedAnewOutlivesTheFolderBeingForgotten() throws Exception {
    try (Staging staging = open()) {
      assertThat(staging.marks().isOfEarlierBoot()).isFalse();
      staging.marks().markEarlierBoot(true);
      staging.clear();
    }
    try (Staging staging = open()) {
      assertThat(staging.marks().isOfEarlierBoot()).isTrue();
      staging.marks().markEarlierBoot(false);
      assertThat(staging.marks().isOfEarlierBoot()).isFalse();
    }
  }
}

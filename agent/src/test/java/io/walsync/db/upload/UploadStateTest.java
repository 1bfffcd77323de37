package io.walsync.db.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.StateTable;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadStateTest {

  private static EnumSet<UploadState> successorsOf(UploadState state) {
    EnumSet<UploadState> successors = EnumSet.allOf(UploadState.class);
    successors.removeIf(each -> !state.leadsTo(each));
    return successors;
  }

  @Test
  void theTableOfStatesInTheArchitectureIsTheCodes() throws IOException {
    assertThat(StateTable.drawn("| of a replica | means |"))
        .isEqualTo(StateTable.coded(UploadState.values(), UploadState::leadsTo));
  }

  @ParameterizedTest
  @EnumSource
  void noStateFollowsItself(UploadState state) {
    assertThat(state.leadsTo(state)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = "ENDED", mode = EnumSource.Mode.EXCLUDE)
  void everyConversationMayEnd(UploadState state) {
    assertThat(state.leadsTo(UploadState.ENDED)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNKNOWN", "ENDED"},
      mode = EnumSource.Mode.EXCLUDE)
  void whateverIsAskedTheReplicaMayBeUnknownAfterwards(UploadState state) {
    assertThat(state.leadsTo(UploadState.UNKNOWN)).isTrue();
    assertThat(state.withoutAnswer() == state || state.leadsTo(state.withoutAnswer())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "KNOWN", mode = EnumSource.Mode.EXCLUDE)
  void nothingIsUploadedToAReplicaThatIsNotKnown(UploadState state) {
    assertThat(state.leadsTo(UploadState.UPLOADING)).isFalse();
  }

  @Test
  void afterARefusalNothingFollows() {
    assertThat(successorsOf(UploadState.ENDED)).isEmpty();
  }

  @Test
  void whatAChallengeProvesIsLookedAtBeforeAnythingIsUploaded() {
    assertThat(successorsOf(UploadState.CHALLENGING))
        .containsExactlyInAnyOrder(UploadState.UNKNOWN, UploadState.ENDED);
  }
}

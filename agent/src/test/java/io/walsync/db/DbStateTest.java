package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DbStateTest {

  private static EnumSet<DbState> successorsOf(DbState state) {
    EnumSet<DbState> successors = EnumSet.allOf(DbState.class);
    successors.removeIf(each -> !state.leadsTo(each));
    return successors;
  }

  @ParameterizedTest
  @EnumSource
  void noStateFollowsItself(DbState state) {
    assertThat(successorsOf(state)).doesNotContain(state);
  }

  @ParameterizedTest
  @EnumSource
  void everyDatabaseMayBeRefused(DbState state) {
    assertThat(state.leadsTo(DbState.REFUSED)).isEqualTo(state != DbState.REFUSED);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REFUSED", "LEFT"},
      mode = EnumSource.Mode.EXCLUDE)
  void theAgentMayLeaveWhateverItReplicatesAndSuspendIt(DbState state) {
    assertThat(state.leadsTo(DbState.LEFT)).isTrue();
    assertThat(state.leadsTo(DbState.SUSPENDED)).isEqualTo(state != DbState.SUSPENDED);
  }

  @Test
  void aRefusalIsTheEnd() {
    assertThat(successorsOf(DbState.REFUSED)).isEmpty();
  }

  @Test
  void aDatabaseThatWasLeftIsTakenHoldOfNoMore() {
    assertThat(successorsOf(DbState.LEFT)).containsExactly(DbState.REFUSED);
  }

  @Test
  void theAnswerOfTheReplicaIsLookedAtBeforeTheDatabaseIs() {
    assertThat(successorsOf(DbState.ASKING)).doesNotContain(DbState.REPLICATING);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REPLICATING", "RESTING"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatMayFollowCaptureMayFollowARest(DbState state) {
    assertThat(DbState.RESTING.leadsTo(state)).isEqualTo(DbState.REPLICATING.leadsTo(state));
  }
}

package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {

  @ParameterizedTest
  @EnumSource
  void peopleReadWordsAndNoNamesOfOurStates(DbState state) {
    assertThat(Standing.inWords(state)).isNotEmpty().isLowerCase().doesNotContain(state.name());
  }
}

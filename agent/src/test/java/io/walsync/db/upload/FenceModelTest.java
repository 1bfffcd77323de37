package io.walsync.db.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.upload.FenceModel.Flaw;
import io.walsync.db.upload.FenceModel.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol of the fence, in every order of its steps. */
class FenceModelTest {

  private static final int TO_THE_END = Integer.MAX_VALUE;

  @Test
  void nothingConfirmedIsLostInAnyOrderOfStepsOnAReplicaThatSomebodyOwns() {
    FenceModel model = new FenceModel(Variant.PROTOCOL);

    Flaw flaw = model.search(FenceModel.ownedByA(), TO_THE_END);

    assertThat(flaw).as(() -> String.valueOf(flaw)).isNull();
    assertThat(model.stateCount()).as("nothing was left out").isGreaterThan(300_000);
  }

  /** To the end it takes minutes: six million states, none of them wrong. */
  @Test
  void nothingConfirmedIsLostInTheFirstStepsOnAReplicaThatNobodyHasBegun() {
    FenceModel model = new FenceModel(Variant.PROTOCOL);

    Flaw flaw = model.search(FenceModel.nothing(), 18);

    assertThat(flaw).as(() -> String.valueOf(flaw)).isNull();
  }

  /** Each of these was somebody's protocol, or would be ours without one of its rules. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROTOCOL")
  void eachRuleIsNeeded(Variant withoutARule) {
    Flaw flaw = new FenceModel(withoutARule).search(FenceModel.ownedByA(), TO_THE_END);

    assertThat(flaw).isNotNull();
  }
}

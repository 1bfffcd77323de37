package io.walsync.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void aLinearAxisEndsAtARoundNumberAboveAllValues() {
    Axis axis = Axis.linear(List.of(3.0, 17.3));

    assertThat(axis).isEqualTo(new Axis(0, 20, false));
    assertThat(axis.ticks()).isEqualTo(List.of(0.0, 5.0, 10.0, 15.0, 20.0));
    assertThat(axis.share(5)).isEqualTo(0.25);
    assertThat(axis.share(40)).isEqualTo(1);
  }

  @Test
  void aLogarithmicAxisRunsBetweenPowersOfTen() {
    Axis axis = Axis.logarithmic(List.of(0.0, 4.0, 478.0));

    assertThat(axis.low()).isCloseTo(1, within(1e-9));
    assertThat(axis.high()).isCloseTo(1_000, within(1e-9));
    assertThat(axis.ticks()).hasSize(4);
    assertThat(axis.share(10)).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(axis.share(0)).isZero();
  }

  @Test
  void nothingAndZerosHaveAnAxisToo() {
    assertThat(Axis.linear(List.of()).high()).isEqualTo(1);
    assertThat(Axis.linear(List.of(0.0)).high()).isEqualTo(1);
    assertThat(Axis.logarithmic(List.of()).ticks()).hasSize(3);
    assertThat(Axis.logarithmic(List.of(10.0))).isEqualTo(new Axis(1, 10, true));
  }
}

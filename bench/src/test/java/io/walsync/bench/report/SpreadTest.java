package io.walsync.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theMedianIsTheMiddleAndPercentilesAreMeasuredValues() {
    assertThat(new Spread(List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(new Spread(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    assertThat(new Spread(List.of(4.0, 1.0, 2.0, 3.0)).percentile(0.5)).isEqualTo(2);
    assertThat(new Spread(List.of(4.0, 1.0, 2.0, 3.0)).percentile(0.99)).isEqualTo(4);
  }

  @Test
  void itShowsMedianAndRange() {
    assertThat(new Spread(List.of(3000.4, 1.0, 20.0))).hasToString("20 (1..3,000)");
    assertThat(new Spread(List.of(12.34, 1.5, 1.5))).hasToString("1.50 (1.50..12.3)");
    assertThat(new Spread(List.of(0.25))).hasToString("0.250");
  }
}

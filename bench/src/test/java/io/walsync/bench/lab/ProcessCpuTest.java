package io.walsync.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessCpuTest {

  @Test
  void userAndSystemTicksAreFoundBehindAnyName() {
    String stat =
        "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 12 0 100 1000 200 18446744073709551615";

    assertThat(ProcessCpu.parse(stat)).isEqualTo(1.75);
  }
}

package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "10s, PT10S",
    "1m30s, PT1M30S",
    "500ms, PT0.5S",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "250us, PT0.00025S",
    "250\u00b5s, PT0.00025S",
    "7ns, PT0.000000007S",
    "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
    "168h, PT168H",
    "2562047h, PT2562047H",
  })
  void durationsReadAsInGo(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "-1s", "+1s", "1 s", "s", "1x", "1d", "1s2", "..5s", "1e3s", "3000000h"})
  void anythingElseIsRejected(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aVeryLongTextIsRejected() {
    assertThatThrownBy(() -> GoDuration.parse("1h".repeat(100)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsFormattedReadsBack() {
    long seed = Long.getLong("walsync.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong() >>> random.nextInt(1, 63));
      assertThat(GoDuration.parse(GoDuration.format(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
    }
  }
}

package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveDurationTest {

  @Test
  void aDurationIsWrittenAsInTheConfiguration() throws UsageException {
    assertThat(LiveDuration.of("-for", "1h30m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(LiveDuration.of("-for", "1s")).isEqualTo(Duration.ofSeconds(1));
    assertThat(LiveDuration.of("-for", "24h")).isEqualTo(Duration.ofHours(24));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "999ms", "24h1s"})
  void oneThatIsOutOfRangeIsRefused(String text) {
    assertThatThrownBy(() -> LiveDuration.of("-for", text))
        .isInstanceOf(UsageException.class)
        .hasMessage("-for: " + text + " is not between 1s and 24h");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1m", "soon", "10", "1d"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> LiveDuration.of("-for", text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is no duration such as 30s, 10m or 1h30m");
  }
}

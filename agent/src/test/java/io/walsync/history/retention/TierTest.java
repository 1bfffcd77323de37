package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {

  @ParameterizedTest
  @CsvSource({
    "7d every 30s, 2026-01-31T12:00:59.999Z, 2026-01-31T12:00:30Z",
    "7d every 1h, 2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
    "9w every day, 2026-01-31T12:00:00Z, 2026-01-31T00:00:00Z",
    "1y every week, 2026-02-01T23:59:59Z, 2026-01-26T00:00:00Z",
    "1y every 2w, 2026-02-01T23:59:59Z, 2026-01-19T00:00:00Z",
    "2y every month, 2024-02-29T23:00:00Z, 2024-02-01T00:00:00Z",
    "2y every 3 months, 2024-02-29T23:00:00Z, 2024-01-01T00:00:00Z",
    "10y every year, 1969-12-31T23:00:00Z, 1969-01-01T00:00:00Z",
  })
  void boundariesAreWholeMultiplesInUtc(String text, String moment, String boundary) {
    Tier tier = Tier.parse(text.replace("months", "month"));
    assertThat(Instant.ofEpochMilli(tier.boundaryUpTo(Instant.parse(moment).toEpochMilli())))
        .isEqualTo(Instant.parse(boundary));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1h",
        "every commit",
        "1h every",
        "0h every commit",
        "1h every 5 commit",
        "1h every 2h",
        "1h every 0s",
        "1x every 1s",
        "101y every 1s",
        "1h every commits",
        "-1h every commit",
        "999999999y every year",
      })
  void whatIsNoPromiseIsToldSo(String text) {
    assertThatThrownBy(() -> Tier.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Policy.parse("1h every commit, " + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" ");
  }

  @Test
  void aPolicyIsWrittenAsItIsRead() {
    String text = "1h every commit, 24h every 30s, 7d every 1h, 1y every month";
    assertThat(Policy.parse(" 1H  every COMMIT,24h every 30s , 7d every 1h, 1y every month"))
        .hasToString(text);
    assertThat(Policy.litestream(Duration.ofHours(24)))
        .hasToString("300s every commit, 86400s every 30s");
    assertThat(Policy.litestream(Duration.ofMillis(1))).hasToString("1s every commit, 1s every 1s");
    assertThatThrownBy(() -> Policy.parse("1h every commit,".repeat(16) + "1h every commit"))
        .hasMessage("must have 1 to 16 promises");
  }
}

package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rfc3339Test {

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T13:53:08.621Z",
    "2026-11-22T13:53:08.62Z",
    "2026-11-22T13:53:08.6Z",
    "2026-11-22T13:53:08Z",
    "2026-11-22T13:53:08.001Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2026-01-02T03:04:05.01Z"
  })
  void timesAreWrittenAsGoWritesThem(String text) {
    assertThat(Rfc3339.format(Instant.parse(text).toEpochMilli())).isEqualTo(text);
  }

  @Test
  void nanosecondsAndOffsetsAreRead() {
    assertThat(Rfc3339.parse("2026-11-22T13:53:08.621999999Z"))
        .isEqualTo(Instant.parse("2026-11-22T13:53:08.621Z").toEpochMilli());
    assertThat(Rfc3339.parse("2026-11-22T14:53:08+01:00"))
        .isEqualTo(Instant.parse("2026-11-22T13:53:08Z").toEpochMilli());
  }

  @Test
  void anythingElseIsRefused() {
    assertThatThrownBy(() -> Rfc3339.parse("yesterday")).isInstanceOf(DateTimeException.class);
  }
}

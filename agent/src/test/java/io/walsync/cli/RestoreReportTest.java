package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreReportTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "999, 0.9 s",
    "59999, 59.9 s",
    "60000, 1 min 0 s",
    "3599999, 59 min 59 s",
    "3600000, 1 h 0 min",
    "172799999, 47 h 59 min",
    "172800000, 2 days 0 h",
  })
  void spansHaveTheirTwoLargestUnits(long millis, String text) {
    assertThat(RestoreReport.span(millis)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.0 kB",
    "1049, 1.0 kB",
    "1050, 1.1 kB",
    "999949, 999.9 kB",
    "999950, 1.0 MB",
    "1234567, 1.2 MB",
    "1200000000, 1.2 GB",
    "9223372036854775807, 9223.4 PB",
  })
  void sizesAreRoundedForPeople(long bytes, String text) {
    assertThat(RestoreReport.size(bytes)).isEqualTo(text);
  }
}

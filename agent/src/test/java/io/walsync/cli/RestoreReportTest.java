package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreReportTest {

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

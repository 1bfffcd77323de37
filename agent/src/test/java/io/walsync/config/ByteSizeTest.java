package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "100, 100",
    "100B, 100",
    "1K, 1000",
    "1kb, 1000",
    "1KiB, 1024",
    "1Ki, 1024",
    "5MB, 5000000",
    "5MiB, 5242880",
    "5 MiB, 5242880",
    "1.5GB, 1500000000",
    "1.5GiB, 1610612736",
    "2TiB, 2199023255552",
  })
  void sizesReadAsInLitestream(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1", "1.", "1X", "1iB", "1PB", "1e3", "99999999999TB"})
  void anythingElseIsRejected(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 bytes", "1000, 1000 bytes", "1024, 1 KiB", "5242880, 5 MiB"})
  void sizesAreShownInTheLargestUnitThatDividesThem(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }
}

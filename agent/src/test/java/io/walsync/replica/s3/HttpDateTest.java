package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.ReplicaClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Thu, 01 Jan 1970 00:00:00 GMT|0",
        "Sun, 06 Nov 1994 08:49:37 GMT|784111777000",
        "Thu, 29 Feb 2024 23:59:59 GMT|1709251199000",
        "Fri, 01 Mar 2024 00:00:00 GMT|1709251200000",
      })
  void aTimeIsReadToTheSecond(String text, long millis) {
    assertThat(HttpDate.parse(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "2024-02-29T23:59:59Z", "Thu, 32 Feb 2024 23:59:59 GMT", "29 Feb"})
  void whatIsNoTimeIsNone(String text) {
    assertThat(HttpDate.parse(text)).isEqualTo(ReplicaClient.NO_TIME);
  }

  @Test
  void whereThereIsNoHeaderThereIsNoTime() {
    assertThat(HttpDate.parse(null)).isEqualTo(ReplicaClient.NO_TIME);
  }
}

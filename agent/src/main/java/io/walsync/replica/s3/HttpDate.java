package io.walsync.replica.s3;

import io.walsync.replica.ReplicaClient;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The times in HTTP headers, as in {@code Date} and {@code Retry-After}. */
final class HttpDate {

  private HttpDate() {}

  /**
   * @param text null if there is none
   * @return milliseconds since the Unix epoch, or {@link ReplicaClient#NO_TIME}
   */
  static long parse(@Nullable String text) {
    if (text == null) {
      return ReplicaClient.NO_TIME;
    }
    try {
      return OffsetDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException e) {
      return ReplicaClient.NO_TIME;
    }
  }
}

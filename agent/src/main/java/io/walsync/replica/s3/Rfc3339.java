package io.walsync.replica.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as Go's RFC3339Nano writes them: UTC, zeros at the end of the fraction left out. */
final class Rfc3339 {

  private static final int MILLIS_PER_SECOND = 1_000;

  private Rfc3339() {}

  static String format(long epochMillis) {
    LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(24);
    text.append(padded(time.getYear(), 4)).append('-');
    text.append(padded(time.getMonthValue(), 2)).append('-');
    text.append(padded(time.getDayOfMonth(), 2)).append('T');
    text.append(padded(time.getHour(), 2)).append(':');
    text.append(padded(time.getMinute(), 2)).append(':');
    text.append(padded(time.getSecond(), 2));
    long millis = Math.floorMod(epochMillis, (long) MILLIS_PER_SECOND);
    if (millis != 0) {
      text.append('.').append(padded((int) millis, 3));
      while (text.charAt(text.length() - 1) == '0') {
        text.setLength(text.length() - 1);
      }
    }
    return text.append('Z').toString();
  }

  private static String padded(int number, int digits) {
    StringBuilder text = new StringBuilder(digits);
    String plain = Integer.toString(number);
    for (int i = plain.length(); i < digits; i++) {
      text.append('0');
    }
    return text.append(plain).toString();
  }

  /**
   * @return milliseconds since the epoch, the rest cut off
   * @throws DateTimeException if it is not such a time
   */
  static long parse(String text) {
    return OffsetDateTime.parse(text).toInstant().toEpochMilli();
  }
}

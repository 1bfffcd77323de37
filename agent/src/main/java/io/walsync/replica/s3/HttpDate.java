package io.walsync.replica.s3;

import io.walsync.replica.ReplicaClient;

/** The time in a {@code Date} header, as every server of today writes it. */
final class HttpDate {

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int LENGTH = "Sun, 06 Nov 1994 08:49:37 GMT".length();
  private static final long DAYS_TO_1970 = 719_468;

  private HttpDate() {}

  /**
   * @param text null if there is none
   * @return milliseconds since the Unix epoch, or {@link HttpClient#NO_TIME}
   */
  static long parse(String text) {
    if (text == null || text.length() != LENGTH || !text.endsWith(" GMT")) {
      return ReplicaClient.NO_TIME;
    }
    int month = MONTHS.indexOf(text.substring(8, 11));
    try {
      int day = Integer.parseInt(text.substring(5, 7));
      int year = Integer.parseInt(text.substring(12, 16));
      int hour = Integer.parseInt(text.substring(17, 19));
      int minute = Integer.parseInt(text.substring(20, 22));
      int second = Integer.parseInt(text.substring(23, 25));
      if (month < 0 || month % 3 != 0) {
        return ReplicaClient.NO_TIME;
      }
      long seconds = ((days(year, month / 3 + 1, day) * 24 + hour) * 60 + minute) * 60 + second;
      return seconds * 1_000;
    } catch (NumberFormatException e) {
      return ReplicaClient.NO_TIME;
    }
  }

  /** Since 1970; years begin with March, so that a leap day is the last of one. */
  private static long days(int year, int month, int day) {
    long shifted = month > 2 ? year : year - 1;
    long era = shifted / 400;
    long yearOfEra = shifted % 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - DAYS_TO_1970;
  }
}

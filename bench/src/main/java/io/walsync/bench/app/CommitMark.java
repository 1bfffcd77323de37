package io.walsync.bench.app;

import java.nio.charset.StandardCharsets;

/**
 * The number of a commit as text in the row it inserts, {@code commit:} and 12 digits. Rows are
 * appended, so the pages that a commit changes hold its mark, and the largest mark in the pages of
 * an LTX file is the newest commit in it.
 */
public final class CommitMark {

  /** {@link #newestIn} of a page without marks. */
  public static final long NONE = -1;

  private static final byte[] PREFIX = "commit:".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGIT_COUNT = 12;

  private CommitMark() {}

  /**
   * @param commit 0 to 10^12 - 1
   */
  public static String text(long commit) {
    byte[] text = new byte[PREFIX.length + DIGIT_COUNT];
    System.arraycopy(PREFIX, 0, text, 0, PREFIX.length);
    long rest = commit;
    for (int i = text.length - 1; i >= PREFIX.length; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** The largest number marked in a page, or {@link #NONE}. */
  public static long newestIn(byte[] page) {
    long newest = NONE;
    for (int i = 0; i + PREFIX.length + DIGIT_COUNT <= page.length; i++) {
      if (page[i] == PREFIX[0] && isPrefixAt(page, i)) {
        newest = Math.max(newest, numberAt(page, i + PREFIX.length));
      }
    }
    return newest;
  }

  private static boolean isPrefixAt(byte[] page, int start) {
    for (int i = 0; i < PREFIX.length; i++) {
      if (page[start + i] != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }

  private static long numberAt(byte[] page, int start) {
    long number = 0;
    for (int i = start; i < start + DIGIT_COUNT; i++) {
      int digit = page[i] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}

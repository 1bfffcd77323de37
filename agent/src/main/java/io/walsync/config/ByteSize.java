package io.walsync.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as Litestream writes them: a number of bytes, or with a unit. {@code KB MB GB TB} (or
 * {@code K M G T}) are powers of 1000, {@code KiB MiB GiB TiB} powers of 1024.
 */
final class ByteSize {

  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)\\s*([kmgt]?)(i?)b?");

  private ByteSize() {}

  /**
   * @return bytes
   * @throws IllegalArgumentException if {@code text} is no size, or exceeds 2^63 - 1
   */
  static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
    boolean isSize =
        matcher.matches() && !(matcher.group(2).isEmpty() && !matcher.group(3).isEmpty());
    if (!isSize) {
      throw new IllegalArgumentException(
          "is not a size; write bytes or a number with a unit, such as 5MiB or 1GB");
    }
    int power = "kmgt".indexOf(matcher.group(2)) + 1;
    if (matcher.group(2).isEmpty()) {
      power = 0;
    }
    BigDecimal unit = BigDecimal.valueOf(matcher.group(3).isEmpty() ? 1000 : 1024).pow(power);
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(unit);
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("is larger than a size can be");
    }
    return bytes.longValue();
  }

  /** Bytes with the largest binary unit that divides them. */
  static String format(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long count = bytes;
    while (unit < units.length - 1 && count != 0 && count % 1024 == 0) {
      count /= 1024;
      unit++;
    }
    return count + (unit == 0 ? " bytes" : " " + units[unit]);
  }
}

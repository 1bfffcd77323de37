package io.walsync.ltx;

/**
 * Number of one sync (one L0 file), starting at 1 and growing by 1. Its text form, used in file
 * names and on the command line, is 16 lower-case hex digits, as in Litestream.
 */
public final class Txid implements Comparable<Txid> {

  public static final Txid FIRST = new Txid(1);

  private static final int TEXT_LENGTH = 16;

  private final long value;

  private Txid(long value) {
    this.value = value;
  }

  /**
   * @param value at least 1
   * @throws IllegalArgumentException if {@code value} is below 1
   */
  public static Txid of(long value) {
    if (value < 1) {
      throw new IllegalArgumentException("a TXID starts at 1, not " + value);
    }
    return new Txid(value);
  }

  /**
   * @param text exactly 16 lower-case hex digits
   * @throws IllegalArgumentException if {@code text} is anything else, or zero
   */
  public static Txid parse(String text) {
    if (!isTxid(text)) {
      throw new IllegalArgumentException(
          "a TXID is 16 lower-case hex digits, not \"" + text + "\"");
    }
    return of(Long.parseUnsignedLong(text, 16));
  }

  private static boolean isTxid(String text) {
    if (text.length() != TEXT_LENGTH) {
      return false;
    }
    for (int i = 0; i < TEXT_LENGTH; i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  public long value() {
    return value;
  }

  public Txid next() {
    return of(value + 1);
  }

  @Override
  public int compareTo(Txid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Txid && ((Txid) other).value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    String hex = Long.toHexString(value);
    StringBuilder text = new StringBuilder(TEXT_LENGTH);
    for (int i = hex.length(); i < TEXT_LENGTH; i++) {
      text.append('0');
    }
    return text.append(hex).toString();
  }
}

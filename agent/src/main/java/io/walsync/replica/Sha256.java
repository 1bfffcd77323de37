package io.walsync.replica;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 and its text form, 64 lower-case hex digits. */
public final class Sha256 {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Sha256() {}

  /** A new digest; every Java platform has SHA-256. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform has no SHA-256", e);
    }
  }

  public static String hexOf(byte[] content) {
    return toHex(digest().digest(content));
  }

  public static String toHex(byte[] bytes) {
    char[] text = new char[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = HEX[(bytes[i] >> 4) & 0xf];
      text[2 * i + 1] = HEX[bytes[i] & 0xf];
    }
    return new String(text);
  }

  /**
   * @throws IllegalArgumentException if {@code hex} is not an even number of hex digits
   */
  public static byte[] fromHex(String hex) {
    if (hex.length() % 2 != 0) {
      throw new IllegalArgumentException("an odd number of hex digits: " + hex.length());
    }
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(hex.charAt(2 * i), 16);
      int low = Character.digit(hex.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("not a hex digit in \"" + hex + "\"");
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }
}

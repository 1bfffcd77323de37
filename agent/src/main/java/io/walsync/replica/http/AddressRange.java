package io.walsync.replica.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A range of addresses as {@code NO_PROXY} holds it: {@code 10.0.0.0/8}. */
final class AddressRange {

  private AddressRange() {}

  /** Whether a host is an address, not a name, within a range. What is no range holds nothing. */
  static boolean contains(String range, String host) {
    int slash = range.indexOf('/');
    byte[] first = address(range.substring(0, slash));
    byte[] address = address(host);
    if (first == null || address == null || first.length != address.length) {
      return false;
    }
    int bits;
    try {
      bits = Integer.parseInt(range.substring(slash + 1));
    } catch (NumberFormatException e) {
      return false;
    }
    if (bits < 0 || bits > Byte.SIZE * first.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> i % Byte.SIZE;
      if ((first[i / Byte.SIZE] & mask) != (address[i / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** Null for a name: nothing is looked up. */
  private static byte @Nullable [] address(String text) {
    boolean isLiteral =
        text.matches("[0-9]+(\\.[0-9]+){3}") || text.matches("[0-9a-f:.]*:[0-9a-f:.]*");
    try {
      return isLiteral ? InetAddress.getByName(text).getAddress() : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }
}

package io.walsync.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Works out which folder a {@code file://} URL means, for Litestream and for people. */
final class FileUrl {

  /** Bytes that Go leaves alone when it spells the path of a URL, beside letters and digits. */
  private static final String PLAIN = "-._~$&+,/:;=@";

  /** These too, and those that Go leaves alone if the author wrote them so. */
  private static final String LEFT_AS_WRITTEN = PLAIN + "!'()*[]%";

  private FileUrl() {}

  /**
   * The folder that Litestream replicates to, whose name is not decoded: {@code /my%20rep} for both
   * {@code file:///my rep} and {@code file:///my%20rep}. If the URL has a host, it counts as the
   * first name of the path.
   *
   * @param rest what follows the two slashes
   * @throws IllegalArgumentException if Litestream does not accept it as a URL
   */
  static String litestreamsFolder(String rest) {
    String path = rest.startsWith("/") ? rest : "/" + rest;
    int fragment = path.indexOf('#');
    int query = path.indexOf('?');
    int end = fragment >= 0 ? fragment : path.length();
    end = query >= 0 ? Math.min(query, end) : end;
    String tail = path.substring(end);
    if (tail.startsWith("?") && fragment > query) {
      tail = path.substring(end, fragment) + spelled(path.substring(fragment));
    } else if (tail.startsWith("#")) {
      tail = spelled(tail);
    }
    return spelled(path.substring(0, end)) + tail;
  }

  /** As Go's {@code URL.String()}: as written if that is valid, else decoded and encoded. */
  private static String spelled(String text) {
    String decoded = ReplicaUrl.decode(text, false);
    return isSpelledWith(text, LEFT_AS_WRITTEN) ? text : encode(decoded);
  }

  private static boolean isSpelledWith(String text, String plain) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '#' && i == 0) {
        continue;
      }
      if (!isPlain(c, plain)) {
        return false;
      }
    }
    return true;
  }

  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean isMark = c == '#' && encoded.length() == 0;
      if (isMark || isPlain(c, PLAIN)) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(char c, String plain) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || plain.indexOf(c) >= 0;
  }

  /**
   * The folders that a person may mean, likeliest first: as written, decoded, as Litestream spells
   * it.
   *
   * @param url {@code file:///folder}, {@code file:/folder}, {@code file://localhost/folder}
   */
  static List<String> folders(String url) {
    String rest = url.substring(url.indexOf(':') + 1);
    if (rest.startsWith("//")) {
      rest = rest.substring(2);
      if (rest.toLowerCase(java.util.Locale.ROOT).startsWith("localhost/")) {
        rest = rest.substring("localhost".length());
      }
    }
    Set<String> folders = new LinkedHashSet<>();
    folders.add(rest);
    try {
      folders.add(ReplicaUrl.decode(rest, false));
      folders.add(litestreamsFolder(rest));
    } catch (IllegalArgumentException aPercentSignThatStandsForItself) {
      return new ArrayList<>(folders);
    }
    return new ArrayList<>(folders);
  }
}

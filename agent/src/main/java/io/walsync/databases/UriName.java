package io.walsync.databases;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code file:} URI as SQLite reads it: the parameters that say how the file is opened, and the
 * path as written, which an entry of the configuration may match. Which file is really open, only
 * SQLite can tell.
 */
final class UriName {

  static final String SCHEME = "file:";

  private final String path;

  /** Keys and values alternate. */
  private final List<String> parameters = new ArrayList<>();

  private UriName(String path) {
    this.path = path;
  }

  /**
   * @param name that begins with {@link #SCHEME}
   */
  static UriName of(String name) {
    String rest = name.substring(SCHEME.length());
    int fragment = rest.indexOf('#');
    String plain = fragment < 0 ? rest : rest.substring(0, fragment);
    int question = plain.indexOf('?');
    UriName uri =
        new UriName(decode(withoutHost(question < 0 ? plain : plain.substring(0, question))));
    if (question >= 0) {
      for (String parameter : plain.substring(question + 1).split("&")) {
        int equals = parameter.indexOf('=');
        uri.parameters.add(decode(equals < 0 ? parameter : parameter.substring(0, equals)));
        uri.parameters.add(equals < 0 ? "" : decode(parameter.substring(equals + 1)));
      }
    }
    return uri;
  }

  private static String withoutHost(String path) {
    if (!path.startsWith("//")) {
      return path;
    }
    int slash = path.indexOf('/', 2);
    return slash < 0 ? "" : path.substring(slash);
  }

  /**
   * As SQLite does: a percent sign without two hexadecimal digits stays as it is, and {@code %00}
   * ends the text.
   */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(utf8.length);
    for (int i = 0; i < utf8.length; i++) {
      int high = i + 2 < utf8.length && utf8[i] == '%' ? Character.digit(utf8[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(utf8[i + 2], 16);
      if (low < 0) {
        decoded.write(utf8[i]);
      } else if (high + low == 0) {
        break;
      } else {
        decoded.write(high << 4 | low);
        i += 2;
      }
    }
    return new String(decoded.toByteArray(), StandardCharsets.UTF_8);
  }

  /** The path as it is written; it may be relative. */
  String path() {
    return path;
  }

  /**
   * The parameter that keeps a second connection from sharing the file with this one: it turns
   * locks off, or chooses a VFS whose locks are not the operating system's.
   *
   * @return the parameter; null if there is none
   */
  @Nullable String obstacle() {
    String vfs = last("vfs");
    if (vfs != null && !vfs.equals("unix") && !vfs.equals("win32")) {
      return "vfs=" + vfs;
    }
    return isTrue(first("nolock")) ? "nolock" : isTrue(first("immutable")) ? "immutable" : null;
  }

  /** Whether there is no file. */
  boolean isInMemory() {
    return "memory".equals(last("mode")) || path.equals(ConnectionTarget.MEMORY);
  }

  /** Whether the connection can only read. */
  boolean isReadOnly() {
    return "ro".equals(last("mode"));
  }

  private @Nullable String first(String key) {
    for (int i = 0; i < parameters.size(); i += 2) {
      if (parameters.get(i).equals(key)) {
        return parameters.get(i + 1);
      }
    }
    return null;
  }

  private @Nullable String last(String key) {
    String value = null;
    for (int i = 0; i < parameters.size(); i += 2) {
      value = parameters.get(i).equals(key) ? parameters.get(i + 1) : value;
    }
    return value;
  }

  /** As SQLite reads a boolean. Anything it does not know counts as true. */
  private static boolean isTrue(@Nullable String value) {
    if (value == null) {
      return false;
    }
    switch (value.toLowerCase(Locale.ROOT)) {
      case "":
      case "0":
      case "no":
      case "off":
      case "false":
        return false;
      default:
        return true;
    }
  }
}

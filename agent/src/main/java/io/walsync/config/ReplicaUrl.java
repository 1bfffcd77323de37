package io.walsync.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A replica URL taken apart. Messages of the exceptions never repeat the URL, which may hold
 * credentials by mistake.
 *
 * <p>Written by hand since {@code java.net.URI} rejects what the URLs in use contain: bucket names
 * with underscores, spaces and non-ASCII characters in paths.
 */
final class ReplicaUrl {

  /** In lower case; {@code file} for a plain path. */
  final String scheme;

  /** Empty for files; for S3 it may be the ARN of an access point. */
  final String host;

  /** As Litestream derives it: decoded, without empty names and slashes at its ends for S3. */
  final String path;

  /** Decoded, in order; names as written. */
  final Map<String, String> query;

  private ReplicaUrl(String scheme, String host, String path, Map<String, String> query) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }

  /** Whether {@code text} starts like a URL, by Litestream's rule: a word and {@code ://}. */
  static boolean isUrl(String text) {
    return text.matches("(?s)\\w+://.*");
  }

  /**
   * @throws IllegalArgumentException with a message that says what is wrong
   */
  static ReplicaUrl parse(String url) {
    if (!isUrl(url)) {
      return new ReplicaUrl("file", "", url, new LinkedHashMap<String, String>());
    }
    int schemeEnd = url.indexOf("://");
    String scheme = url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    String rest = url.substring(schemeEnd + 3);
    if (rest.indexOf('#') >= 0) {
      throw new IllegalArgumentException("must not contain \"#\"; write %23 for one in a path");
    }
    if (scheme.equals("file")) {
      return file(rest);
    }
    int queryStart = rest.indexOf('?');
    String query = queryStart < 0 ? "" : rest.substring(queryStart + 1);
    String address = queryStart < 0 ? rest : rest.substring(0, queryStart);
    int slash = address.indexOf('/');
    if (scheme.equals("s3") && address.startsWith("arn:")) {
      int name = address.indexOf(":accesspoint/");
      if (name < 0) {
        throw new IllegalArgumentException("is not the ARN of an access point and a path");
      }
      slash = address.indexOf('/', name + ":accesspoint/".length());
    }
    String host = slash < 0 ? address : address.substring(0, slash);
    String path = slash < 0 ? "" : address.substring(slash);
    if (host.indexOf('@') >= 0 && scheme.equals("s3")) {
      throw new IllegalArgumentException(
          "must not contain credentials; use access-key-id and secret-access-key");
    }
    return new ReplicaUrl(scheme, host, clean(decode(path, false)), query(query));
  }

  private static ReplicaUrl file(String rest) {
    if (!rest.startsWith("/")) {
      throw new IllegalArgumentException(
          "needs three slashes: file:///folder; use `path` for a relative folder");
    }
    if (!rest.matches("[A-Za-z0-9/._~$&+,:;=@!'()*-]*")) {
      throw new IllegalArgumentException(
          "has characters that Litestream would percent-encode in the folder's name; use `path`");
    }
    return new ReplicaUrl("file", "", rest, new LinkedHashMap<String, String>());
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String part : text.split("&")) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = decode(equals < 0 ? part : part.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(part.substring(equals + 1), true);
      if (query.put(name, value) != null) {
        throw new IllegalArgumentException("has the parameter " + name + " twice");
      }
    }
    return query;
  }

  /** Without empty names, and without slashes at the ends. */
  private static String clean(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (Character.isISOControl(path.charAt(i))) {
        throw new IllegalArgumentException("has a control character in its path");
      }
    }
    StringBuilder clean = new StringBuilder();
    for (String name : path.split("/")) {
      if (name.isEmpty()) {
        continue;
      }
      if (name.equals(".") || name.equals("..")) {
        throw new IllegalArgumentException("must not contain \".\" or \"..\" as a name");
      }
      clean.append(clean.length() == 0 ? "" : "/").append(name);
    }
    return clean.toString();
  }

  private static String decode(String text, boolean isQuery) {
    if (text.indexOf('%') < 0) {
      return isQuery ? text.replace('+', ' ') : text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
        if (low < 0) {
          throw new IllegalArgumentException("has a \"%\" without two hex digits; write %25");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(isQuery && encoded[i] == '+' ? ' ' : encoded[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("has percent-encoded bytes that are not UTF-8", e);
    }
  }
}

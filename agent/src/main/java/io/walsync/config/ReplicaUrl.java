package io.walsync.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica URL taken apart. Messages of the exceptions never repeat the URL, which may hold
 * credentials by mistake.
 *
 * <p>Written by hand since {@code java.net.URI} rejects what the URLs in use contain: bucket names
 * with underscores, spaces and non-ASCII characters in paths.
 */
final class ReplicaUrl {

  /** What Litestream makes of a URL without a path; its keys begin with {@code ./}. */
  private static final String WHOLE_BUCKET = ".";

  /** In lower case; {@code file} for a plain path. */
  final String scheme;

  /** Empty for files; for S3 it may be the ARN of an access point. */
  final String host;

  /**
   * As Litestream derives it. For S3: decoded, without empty names and slashes at its ends; empty
   * or {@code .} for the whole bucket. For files: the folder's name as Litestream spells it.
   */
  final String path;

  /** Decoded, in order; names as written. */
  final Map<String, String> query;

  /** What Litestream makes of the URL and its author may not expect. */
  final List<String> warnings = new ArrayList<>();

  private ReplicaUrl(String scheme, String host, String path, Map<String, String> query) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }

  private ReplicaUrl warning(@Nullable String warning) {
    if (warning != null) {
      warnings.add(warning);
    }
    return this;
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
    return scheme.equals("file") ? folder(rest) : remote(scheme, rest);
  }

  private static ReplicaUrl folder(String name) {
    String folder = FileUrl.litestreamsFolder(name);
    return new ReplicaUrl("file", "", folder, new LinkedHashMap<String, String>())
        .warning(
            folder.equals(name)
                ? null
                : "stands for the folder " + folder + ", as in Litestream; `path` takes any name");
  }

  private static ReplicaUrl remote(String scheme, String text) {
    int fragment = text.indexOf('#');
    String cut = fragment < 0 ? null : "ends at its \"#\", as in Litestream; write %23 for one";
    String rest = fragment < 0 ? text : text.substring(0, fragment);
    int queryStart = rest.indexOf('?');
    String query = queryStart < 0 ? "" : rest.substring(queryStart + 1);
    String address = queryStart < 0 ? rest : rest.substring(0, queryStart);
    int slash = hostEnd(scheme, address);
    String host = slash < 0 ? address : address.substring(0, slash);
    String path = slash < 0 ? "" : address.substring(slash);
    int user = scheme.equals("s3") ? host.lastIndexOf('@') : -1;
    String ignored =
        user < 0 ? null : "credentials in it are ignored; use access-key-id and secret-access-key";
    String key = path.isEmpty() ? WHOLE_BUCKET : clean(decode(path, false));
    return new ReplicaUrl(scheme, host.substring(user + 1), key, query(query))
        .warning(cut)
        .warning(ignored);
  }

  /** Where the path begins; negative if there is none. The ARN of an access point has a slash. */
  private static int hostEnd(String scheme, String address) {
    if (!scheme.equals("s3") || !address.startsWith("arn:")) {
      return address.indexOf('/');
    }
    int name = address.indexOf(":accesspoint/");
    if (name < 0) {
      throw new IllegalArgumentException("is not the ARN of an access point and a path");
    }
    return address.indexOf('/', name + ":accesspoint/".length());
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

  /** Without empty names and dots, and without slashes at the ends. */
  private static String clean(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (Character.isISOControl(path.charAt(i))) {
        throw new IllegalArgumentException("has a control character in its path");
      }
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  /**
   * Percent-decoded UTF-8.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String decode(String text, boolean isQuery) {
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

package io.walsync.replica.s3;

import io.walsync.replica.LtxFileInfo;
import java.nio.charset.StandardCharsets;

/** Keys of a replica's objects, and how they are spelled in a URL. */
final class S3Keys {

  private static final String HEX = "0123456789ABCDEF";

  /** What all keys of the replica start with. */
  private final String root;

  private S3Keys(String root) {
    this.root = root;
  }

  /** As Litestream has them: the path as it is configured, a slash, level and file. */
  static S3Keys of(String path) {
    return new S3Keys(path + "/");
  }

  /** Without slashes at the beginning, double ones and {@code ./}, which some stores refuse. */
  static S3Keys clean(String path) {
    StringBuilder root = new StringBuilder();
    for (String name : path.split("/")) {
      if (!name.isEmpty() && !name.equals(".")) {
        root.append(name).append('/');
      }
    }
    return new S3Keys(root.toString());
  }

  /** What the keys of one level start with, with the slash at its end. */
  String prefix(int level) {
    StringBuilder prefix = new StringBuilder(root.length() + 5).append(root);
    String hex = Integer.toHexString(level);
    for (int i = hex.length(); i < 4; i++) {
      prefix.append('0');
    }
    return prefix.append(hex).append('/').toString();
  }

  String key(LtxFileInfo file) {
    return prefix(file.level()) + file.fileName();
  }

  /** Whether a key is that of an LTX file of the replica. */
  boolean isLtxFile(String key) {
    for (int level : LtxFileInfo.levels()) {
      String prefix = prefix(level);
      if (key.startsWith(prefix)) {
        return LtxFileInfo.parse(level, key.substring(prefix.length()), 0, 0) != null;
      }
    }
    return false;
  }

  /** A key beside the levels, where neither Litestream nor we look for LTX files. */
  String besideLevels(String name) {
    return root + name;
  }

  /** What all keys of the replica start with. */
  String root() {
    return root;
  }

  /** Percent-encoded UTF-8 as AWS Signature V4 wants it; slashes stay. */
  static String encodePath(String key) {
    return encode(key, true);
  }

  /** As {@link #encodePath}, slashes encoded as well. */
  static String encodeQuery(String text) {
    return encode(text, false);
  }

  private static String encode(String text, boolean keepsSlash) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean isPlain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '.'
              || c == '_'
              || c == '~'
              || c == '/' && keepsSlash;
      if (isPlain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      }
    }
    return encoded.toString();
  }
}

package io.walsync.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Matches relative paths with {@code /} between names, in time that grows with the product of the
 * lengths, never worse. Two dialects:
 *
 * <ul>
 *   <li>{@link #ofName}: Litestream's {@code pattern}, as Go's {@code filepath.Match} reads it, for
 *       one name: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}, backslash quotes.
 *   <li>{@link #ofPath}: the wildcard part of a {@code path}: {@code *} and {@code ?} within a
 *       name, {@code **} as a whole name for any number of folders. Brackets and backslashes are
 *       ordinary, since Litestream takes such a path literally.
 * </ul>
 */
final class Glob {

  /** Null stands for any number of names. */
  private final List<GlobName> names;

  private Glob(List<GlobName> names) {
    this.names = names;
  }

  /**
   * @throws IllegalArgumentException if a bracket is not closed or is empty, a range runs
   *     backwards, or a backslash ends the pattern
   */
  static Glob ofName(String pattern) {
    List<GlobName> names = new ArrayList<>();
    names.add(GlobName.parse(pattern));
    return new Glob(names);
  }

  static Glob ofPath(String path) {
    List<GlobName> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      names.add(name.equals("**") ? null : GlobName.parseSimple(name));
    }
    if (names.get(names.size() - 1) == null) {
      names.add(GlobName.parseSimple("*"));
    }
    return new Glob(names);
  }

  boolean matches(String path) {
    String[] parts = path.split("/", -1);
    int part = 0;
    int name = 0;
    int retryName = -1;
    int retryPart = -1;
    while (part < parts.length) {
      if (name < names.size() && names.get(name) == null) {
        name++;
        retryName = name;
        retryPart = part;
      } else if (name < names.size() && names.get(name).matches(parts[part])) {
        name++;
        part++;
      } else if (retryName >= 0) {
        retryPart++;
        part = retryPart;
        name = retryName;
      } else {
        return false;
      }
    }
    return name == names.size();
  }
}

package io.walsync.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Matches relative paths with {@code /} between names. Two dialects:
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

  private final Pattern regex;

  private Glob(String regex) {
    this.regex = Pattern.compile(regex, Pattern.DOTALL);
  }

  /**
   * @throws IllegalArgumentException if a bracket is not closed, is empty, or a backslash ends the
   *     pattern
   */
  static Glob ofName(String pattern) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '[') {
        int close = closingBracket(pattern, at);
        regex.append(characterClass(pattern.substring(at + 1, close)));
        at = close;
      } else if (c == '\\') {
        at++;
        if (at == pattern.length()) {
          throw new IllegalArgumentException("ends with a backslash that quotes nothing");
        }
        regex.append(Pattern.quote(String.valueOf(pattern.charAt(at))));
      } else {
        regex.append(wildcard(c));
      }
      at++;
    }
    try {
      return new Glob(regex.toString());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is not a pattern: " + e.getDescription());
    }
  }

  static Glob ofPath(String path) {
    StringBuilder regex = new StringBuilder();
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length; i++) {
      boolean isLast = i == names.length - 1;
      if (names[i].equals("**")) {
        regex.append(isLast ? ".+" : "(?:[^/]+/)*");
        continue;
      }
      for (char c : names[i].toCharArray()) {
        regex.append(wildcard(c));
      }
      regex.append(isLast ? "" : "/");
    }
    return new Glob(regex.toString());
  }

  boolean matches(String path) {
    return regex.matcher(path).matches();
  }

  private static String wildcard(char c) {
    if (c == '*') {
      return "[^/]*";
    }
    return c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c));
  }

  private static int closingBracket(String pattern, int open) {
    int at = open + 1;
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      at += pattern.charAt(at) == '\\' ? 2 : 1;
    }
    boolean isEmpty = at == open + 1 || at == open + 2 && pattern.charAt(open + 1) == '^';
    if (at >= pattern.length() || isEmpty) {
      throw new IllegalArgumentException("has a \"[\" without characters and a closing \"]\"");
    }
    return at;
  }

  private static String characterClass(String members) {
    StringBuilder regex = new StringBuilder("(?!/)[");
    boolean isNegated = members.charAt(0) == '^';
    regex.append(isNegated ? "^" : "");
    for (int at = isNegated ? 1 : 0; at < members.length(); at++) {
      char c = members.charAt(at);
      if (c == '\\') {
        at++;
        c = members.charAt(at);
      } else if (c == '-') {
        regex.append('-');
        continue;
      }
      regex.append(String.format("\\u%04x", (int) c));
    }
    return regex.append(']').toString();
  }
}

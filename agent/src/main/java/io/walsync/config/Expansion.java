package io.walsync.config;

import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code $NAME} and {@code ${NAME}} in scalars from an environment, with the rules of Go's
 * {@code os.Expand} that Litestream uses: an unset variable becomes nothing, {@code $} before
 * anything but a name stays. Three differences: values are inserted after the YAML was parsed, so
 * that no secret can break or extend the document; a brace behind {@code $} that is never closed is
 * an error; and {@code $$} is a {@code $}, which Litestream has no way to write.
 *
 * <p>The braces would end a plain scalar inside {@code {…}} or {@code […]}, where Litestream's
 * users write them freely. So they are masked with two private-use characters before parsing; line
 * and column numbers stay right because each stands for one character.
 */
class Expansion {

  private static final char OPEN = '\uE000';
  private static final char CLOSE = '\uE001';
  private static final Pattern BRACED = Pattern.compile("\\$\\{([^{}\r\n]*)\\}");

  private static final Expansion NONE =
      new Expansion(Collections.<String, String>emptyMap()) {
        @Override
        String expand(String masked, List<String> unset) {
          return unmask(masked);
        }
      };

  private final Map<String, String> environment;

  private final Set<String> used = new HashSet<>();

  private Expansion(Map<String, String> environment) {
    this.environment = environment;
  }

  static Expansion from(Map<String, String> environment) {
    return new Expansion(environment);
  }

  /** An expansion that leaves every {@code $} alone. */
  static Expansion none() {
    return NONE;
  }

  static String mask(String yaml) {
    return BRACED.matcher(yaml).replaceAll("\\$" + OPEN + "$1" + CLOSE);
  }

  static String unmask(String masked) {
    Matcher matcher = MASKED.matcher(masked);
    return matcher.replaceAll("\\$\\{$1\\}");
  }

  private static final Pattern MASKED =
      Pattern.compile("\\$" + OPEN + "([^" + CLOSE + "]*)" + CLOSE);

  /**
   * @param masked text that went through {@link #mask}
   * @param unset receives the names of variables that are not set
   * @throws IllegalArgumentException if a brace is not closed or names nothing
   */
  String expand(String masked, List<String> unset) {
    String text = unmask(masked);
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder expanded = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int nameEnd = c == '$' ? nameEnd(text, at + 1) : at;
      if (nameEnd <= at + 1) {
        expanded.append(c);
        at++;
        continue;
      }
      boolean isBraced = text.charAt(at + 1) == '{';
      if (text.charAt(at + 1) == '$') {
        expanded.append(c);
        at = nameEnd;
        continue;
      }
      String name =
          isBraced ? text.substring(at + 2, nameEnd - 1) : text.substring(at + 1, nameEnd);
      expanded.append(value(name, unset));
      at = nameEnd;
    }
    return expanded.toString();
  }

  private String value(String name, List<String> unset) {
    used.add(name);
    String value = name.equals("PID") ? processId() : environment.get(name);
    if (value == null) {
      unset.add(name);
      return "";
    }
    return value;
  }

  /** The variables that were asked for so far. */
  Set<String> used() {
    return used;
  }

  /** The index after the variable that starts at {@code start}; {@code start} if none does. */
  private static int nameEnd(String text, int start) {
    if (start == text.length()) {
      return start;
    }
    char first = text.charAt(start);
    if (first == '{') {
      int close = text.indexOf('}', start);
      if (close < 0) {
        throw new IllegalArgumentException("\"${\" has no closing \"}\"");
      }
      if (close == start + 1) {
        throw new IllegalArgumentException("\"${}\" names no variable");
      }
      return close + 1;
    }
    if ("*#$@!?-0123456789".indexOf(first) >= 0) {
      return start + 1;
    }
    int end = start;
    while (end < text.length() && isNameCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /** Litestream's built-in {@code $PID}; from /proc, since Java 8 knows it only through JMX. */
  private static @Nullable String processId() {
    try {
      String name = new File("/proc/self").getCanonicalFile().getName();
      return name.matches("[0-9]+") ? name : null;
    } catch (IOException e) {
      return null;
    }
  }
}

package io.walsync.config;

import java.util.ArrayList;
import java.util.List;

/** The pattern of one name, without slashes. */
final class GlobName {

  /** Which characters may be at one place of a name. */
  private interface Step {
    boolean accepts(char c);
  }

  /** For {@code *}: any characters, at as many places as there are. */
  private static final Step ANY_NUMBER = c -> true;

  private final List<Step> steps;

  private GlobName(List<Step> steps) {
    this.steps = steps;
  }

  /** Parses a pattern in which only {@code *} and {@code ?} are special. */
  static GlobName parseSimple(String pattern) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < pattern.length(); i++) {
      steps.add(wildcard(pattern.charAt(i)));
    }
    return new GlobName(steps);
  }

  /** Parses a pattern with brackets and backslashes as well; see {@link Glob#ofName}. */
  static GlobName parse(String pattern) {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '[') {
        int close = closingBracket(pattern, at);
        steps.add(characterClass(pattern.substring(at + 1, close)));
        at = close;
      } else if (c == '\\') {
        at++;
        if (at == pattern.length()) {
          throw new IllegalArgumentException("ends with a backslash that quotes nothing");
        }
        steps.add(literal(pattern.charAt(at)));
      } else {
        steps.add(wildcard(c));
      }
      at++;
    }
    return new GlobName(steps);
  }

  /** Only the last {@code *} is ever retried: an earlier one could not match better. */
  boolean matches(String name) {
    int at = 0;
    int step = 0;
    int retryStep = -1;
    int retryAt = -1;
    while (at < name.length()) {
      if (step < steps.size() && steps.get(step) == ANY_NUMBER) {
        step++;
        retryStep = step;
        retryAt = at;
      } else if (step < steps.size() && steps.get(step).accepts(name.charAt(at))) {
        step++;
        at++;
      } else if (retryStep >= 0) {
        retryAt++;
        at = retryAt;
        step = retryStep;
      } else {
        return false;
      }
    }
    while (step < steps.size() && steps.get(step) == ANY_NUMBER) {
      step++;
    }
    return step == steps.size();
  }

  private static Step wildcard(char c) {
    if (c == '*') {
      return ANY_NUMBER;
    }
    return c == '?' ? any -> true : literal(c);
  }

  private static Step literal(char expected) {
    return c -> c == expected;
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

  private static Step characterClass(String members) {
    boolean isNegated = members.charAt(0) == '^';
    StringBuilder bounds = new StringBuilder();
    int at = isNegated ? 1 : 0;
    while (at < members.length()) {
      at += members.charAt(at) == '\\' ? 1 : 0;
      char low = members.charAt(at);
      char high = low;
      at++;
      if (at + 1 < members.length() && members.charAt(at) == '-') {
        at++;
        at += members.charAt(at) == '\\' ? 1 : 0;
        high = members.charAt(at);
        at++;
      }
      if (high < low) {
        throw new IllegalArgumentException("has a range that runs backwards in \"[\"");
      }
      bounds.append(low).append(high);
    }
    String ranges = bounds.toString();
    return c -> isInRanges(c, ranges) != isNegated;
  }

  private static boolean isInRanges(char c, String bounds) {
    for (int i = 0; i < bounds.length(); i += 2) {
      if (c >= bounds.charAt(i) && c <= bounds.charAt(i + 1)) {
        return true;
      }
    }
    return false;
  }
}

package io.walsync.hook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files that statements attach, as far as their text tells. */
final class AttachedNames {

  /** Blanks and comments. */
  private static final String GAP = "(?:\\s|/\\*(?s:.*?)\\*/|--[^\n]*(?:\n|$))*";

  /** One ATTACH whose name is a string; group 1 is the string with its quotes. */
  private static final Pattern ATTACH =
      Pattern.compile(
          "(?i)\\battach\\b"
              + GAP
              + "(?:database\\b"
              + GAP
              + ")?(?:\\("
              + GAP
              + ")*('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*])"
              + GAP
              + "(?:\\)"
              + GAP
              + ")*as\\b");

  private static final Pattern WORD = Pattern.compile("(?i)\\battach\\b");

  private AttachedNames() {}

  /**
   * The names in all ATTACHs; null among them for those that are bound, or made of expressions.
   *
   * @param sql text or UTF-8
   */
  static List<@Nullable String> of(Object sql) {
    return of(new String(SqlScanner.utf8(sql), StandardCharsets.UTF_8));
  }

  private static List<@Nullable String> of(String sql) {
    List<@Nullable String> names = new ArrayList<>();
    Matcher attach = ATTACH.matcher(sql);
    while (attach.find()) {
      String quoted = attach.group(1);
      String quote = quoted.substring(quoted.length() - 1);
      names.add(quoted.substring(1, quoted.length() - 1).replace(quote + quote, quote));
    }
    int literalCount = names.size();
    Matcher word = WORD.matcher(sql);
    int wordCount = 0;
    while (word.find()) {
      wordCount++;
    }
    if (wordCount > literalCount) {
      names.add(null);
    }
    return names;
  }
}

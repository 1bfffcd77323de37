package io.walsync.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names and passwords that stand in URLs, wherever in a text, and what follows a question mark. */
public final class UrlSecrets {

  private static final Pattern USER = Pattern.compile("://([^/\\s]*)@");
  private static final Pattern QUERY = Pattern.compile("(://[^\\s?]*)\\?(\\S*)");

  private UrlSecrets() {}

  /** What is secret in it, in parts and as a whole. */
  public static List<String> of(String text) {
    List<String> secrets = new ArrayList<>();
    Matcher user = USER.matcher(text);
    while (user.find()) {
      secrets.add(user.group(1));
      int colon = user.group(1).indexOf(':');
      if (colon >= 0) {
        secrets.add(user.group(1).substring(0, colon));
        secrets.add(user.group(1).substring(colon + 1));
      }
    }
    Matcher query = QUERY.matcher(text);
    while (query.find()) {
      for (String parameter : query.group(2).split("[&#]")) {
        int equals = parameter.indexOf('=');
        boolean isKey = parameter.toLowerCase(Locale.ROOT).matches(".*(key|secret|token).*");
        if (isKey && equals >= 0) {
          secrets.add(parameter.substring(equals + 1));
        }
      }
    }
    return secrets;
  }

  /** The text without them. */
  public static String withoutThem(String text) {
    return QUERY.matcher(USER.matcher(text).replaceAll("://")).replaceAll("$1");
  }
}

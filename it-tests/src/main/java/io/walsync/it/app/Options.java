package io.walsync.it.app;

import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code name=value} words behind a command. */
final class Options {

  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  static Options parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : text.trim().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new Options(values);
  }

  Map<String, String> asMap() {
    return values;
  }

  int number(String name, int defaultValue) {
    String value = values.get(name);
    return value == null ? defaultValue : Integer.parseInt(value);
  }
}

package io.walsync.bench.lab;

import java.util.HashMap;
import java.util.Map;

/** What a program answered: {@code ok name=value ...}. */
public final class Answer {

  private final Map<String, String> values = new HashMap<>();

  Answer(String line) {
    for (String word : line.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  public String text(String name) {
    if (!values.containsKey(name)) {
      throw new LabException("the program did not answer " + name + ": " + values);
    }
    return values.get(name);
  }

  public long number(String name) {
    return Long.parseLong(text(name));
  }
}

package io.walsync.replica.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields in order; names are compared without case. */
public final class HttpHeaders {

  private final List<String> namesAndValues = new ArrayList<>(24);

  /**
   * @throws IllegalArgumentException if the value holds a line break or another control character
   */
  public HttpHeaders add(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' && value.charAt(i) != '\t') {
        throw new IllegalArgumentException("control character in the value of header " + name);
      }
    }
    namesAndValues.add(name);
    namesAndValues.add(value);
    return this;
  }

  public HttpHeaders addAll(HttpHeaders others) {
    namesAndValues.addAll(others.namesAndValues);
    return this;
  }

  /** The first value of that name, or null. */
  public @Nullable String get(String name) {
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      if (namesAndValues.get(i).equalsIgnoreCase(name)) {
        return namesAndValues.get(i + 1);
      }
    }
    return null;
  }

  public int size() {
    return namesAndValues.size() / 2;
  }

  public String name(int index) {
    return namesAndValues.get(2 * index);
  }

  public String value(int index) {
    return namesAndValues.get(2 * index + 1);
  }
}

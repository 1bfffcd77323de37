package io.walsync.io;

import org.jspecify.annotations.Nullable;

/** Writes one JSON value, indented by two spaces, members in the order they are added. */
public final class Json {

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder indent = new StringBuilder("\n");
  private boolean isFirst = true;

  public Json beginObject() {
    return open('{');
  }

  public Json endObject() {
    return close('}');
  }

  public Json beginArray() {
    return open('[');
  }

  public Json endArray() {
    return close(']');
  }

  /** The name of the member that comes next. */
  public Json name(String name) {
    separate();
    quote(name);
    text.append(": ");
    isFirst = true;
    return this;
  }

  /** The next element of an array. */
  public Json element() {
    separate();
    isFirst = true;
    return this;
  }

  /**
   * @param value may be null
   */
  public Json member(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return done();
  }

  public Json member(String name, long value) {
    name(name);
    text.append(value);
    return done();
  }

  /**
   * @param value finite
   */
  public Json member(String name, double value) {
    name(name);
    text.append(value);
    return done();
  }

  public Json member(String name, boolean value) {
    name(name);
    text.append(value);
    return done();
  }

  /** The next element of an array, a text. */
  public Json element(String value) {
    element();
    quote(value);
    return done();
  }

  /** The next element of an array, finite. */
  public Json element(double value) {
    element();
    text.append(value);
    return done();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private Json open(char bracket) {
    text.append(bracket);
    indent.append("  ");
    isFirst = true;
    return this;
  }

  private Json close(char bracket) {
    indent.setLength(indent.length() - 2);
    if (!isFirst) {
      text.append(indent);
    }
    text.append(bracket);
    return done();
  }

  private Json done() {
    isFirst = false;
    return this;
  }

  private void separate() {
    text.append(isFirst ? "" : ",").append(indent);
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) && !isPaired(value, i)) {
        String hex = Integer.toHexString(c);
        text.append("\\u").append("0000", 0, 4 - hex.length()).append(hex);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static boolean isPaired(String value, int at) {
    char c = value.charAt(at);
    return Character.isHighSurrogate(c)
        ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
  }
}

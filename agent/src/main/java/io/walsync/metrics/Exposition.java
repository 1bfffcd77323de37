package io.walsync.metrics;

import org.jspecify.annotations.Nullable;

/** Writes the text format: a family with {@link #family}, then its samples. */
final class Exposition {

  private static final double MILLIS_PER_SECOND = 1_000;

  private final StringBuilder text = new StringBuilder();
  private String heading = "";
  private String name = "";

  /**
   * Begins a family; nothing is written of one without a sample.
   *
   * @param type {@code gauge} or {@code counter}
   * @param help one line
   */
  void family(String familyName, String type, String help) {
    name = familyName;
    heading = "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }

  /**
   * @param labels names and values in turn; one whose value is null is left out
   */
  void sample(long value, @Nullable String... labels) {
    begin(labels).append(value).append('\n');
  }

  /**
   * A time in seconds, or a time span.
   *
   * @param millis its value in milliseconds
   */
  void seconds(long millis, @Nullable String... labels) {
    begin(labels).append(millis / MILLIS_PER_SECOND).append('\n');
  }

  private StringBuilder begin(@Nullable String... labels) {
    text.append(heading).append(name);
    heading = "";
    char separator = '{';
    for (int i = 0; i < labels.length; i += 2) {
      String value = labels[i + 1];
      if (value != null) {
        text.append(separator).append(labels[i]).append("=\"");
        escape(value);
        text.append('"');
        separator = ',';
      }
    }
    return text.append(separator == ',' ? "} " : " ");
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || c == '"') {
        text.append('\\').append(c);
      } else if (c == '\n') {
        text.append("\\n");
      } else {
        text.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

package io.walsync.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** The few JSON forms a report needs. */
final class JsonText {

  private JsonText() {}

  static String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  static String strings(List<String> texts) {
    return texts.stream().map(JsonText::string).collect(Collectors.joining(", ", "[", "]"));
  }

  /** A table's cell. */
  static String value(Object cell) {
    if (cell instanceof Spread spread) {
      return "{\"median\": " + spread.median() + ", \"values\": " + spread.values() + "}";
    }
    return cell instanceof Number ? cell.toString() : string(cell.toString());
  }
}

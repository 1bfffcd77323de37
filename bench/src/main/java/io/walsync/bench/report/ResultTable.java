package io.walsync.bench.report;

import io.walsync.io.Json;
import java.util.ArrayList;
import java.util.List;

/** Rows under named columns. A cell is a text, a number or a {@link Spread}. */
public final class ResultTable {

  private static final int LONGEST_FAILURE = 60;

  private final String title;
  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Object> failed = new ArrayList<>();

  /**
   * @param columns with the unit after a comma
   */
  public ResultTable(String title, String... columns) {
    this.title = title;
    this.columns = List.of(columns);
  }

  public void row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns);
    }
    rows.add(List.of(cells));
  }

  /**
   * A row without numbers: some leading cells, then what is wrong in place of the first number.
   *
   * @param failure as a whole if it is short, else up to its semicolon or colon, and as a note
   */
  public void failure(String failure, Object... leading) {
    List<Object> cells = new ArrayList<>(List.of(leading));
    boolean isLong = failure.length() > LONGEST_FAILURE;
    String clause = failure.split(";")[0];
    String beginning = clause.length() > LONGEST_FAILURE ? clause.split(":")[0] : clause;
    cells.add(isLong ? beginning : failure);
    while (cells.size() < columns.size()) {
      cells.add("");
    }
    if (isLong) {
      note(List.of(leading) + " " + failure);
    }
    rows.add(List.copyOf(cells));
    failed.addAll(List.of(leading));
  }

  /** Whether a row with that cell shows a failure. */
  public boolean hasFailureOf(Object cell) {
    return failed.contains(cell);
  }

  /** How a number is to be read, below the table. */
  public void note(String note) {
    notes.add(note);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public String toText() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    for (List<Object> row : rows) {
      lines.add(row.stream().map(ResultTable::text).toList());
    }
    StringBuilder text = new StringBuilder("\n## " + title + "\n\n");
    for (int i = 0; i < lines.size(); i++) {
      line(text, lines, lines.get(i));
      if (i == 0) {
        rule(text, lines);
      }
    }
    notes.forEach(note -> text.append("\n- ").append(note));
    return text.append('\n').toString();
  }

  private void line(StringBuilder text, List<List<String>> lines, List<String> cells) {
    for (int column = 0; column < columns.size(); column++) {
      String cell = cells.get(column);
      text.append("| ").append(cell).append(" ".repeat(width(lines, column) - cell.length() + 1));
    }
    text.append("|\n");
  }

  private void rule(StringBuilder text, List<List<String>> lines) {
    for (int column = 0; column < columns.size(); column++) {
      text.append('|').append("-".repeat(width(lines, column) + 2));
    }
    text.append("|\n");
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static String text(Object cell) {
    return cell instanceof Number number ? Spread.number(number.doubleValue()) : cell.toString();
  }

  /** Adds this table as the next element of an array. */
  void addTo(Json json) {
    json.element().beginObject().member("title", title);
    json.name("notes").beginArray();
    notes.forEach(json::element);
    json.endArray().name("rows").beginArray();
    for (List<Object> row : rows) {
      json.element().beginObject();
      for (int i = 0; i < columns.size(); i++) {
        addCell(json, columns.get(i), row.get(i));
      }
      json.endObject();
    }
    json.endArray().endObject();
  }

  private static void addCell(Json json, String column, Object cell) {
    if (cell instanceof Spread spread) {
      json.name(column).beginObject().member("median", spread.median());
      json.name("values").beginArray();
      spread.values().forEach(value -> json.element(value.doubleValue()));
      json.endArray().endObject();
    } else if (cell instanceof Double || cell instanceof Float) {
      json.member(column, ((Number) cell).doubleValue());
    } else if (cell instanceof Number number) {
      json.member(column, number.longValue());
    } else {
      json.member(column, cell.toString());
    }
  }
}

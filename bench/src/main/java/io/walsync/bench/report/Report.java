package io.walsync.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything one call of the bench found. */
public final class Report {

  private final Map<String, String> facts;
  private final List<ResultTable> tables = new ArrayList<>();

  public Report(Map<String, String> facts) {
    this.facts = facts;
  }

  public void add(ResultTable table) {
    tables.add(table);
  }

  public String toText() {
    StringBuilder text = new StringBuilder("\n");
    facts.forEach((name, value) -> text.append(String.format("%-12s %s%n", name, value)));
    tables.forEach(table -> text.append(table.toText()));
    return text.toString();
  }

  public void writeJson(Path file) {
    List<String> members = new ArrayList<>();
    facts.forEach(
        (name, value) -> members.add(JsonText.string(name) + ": " + JsonText.string(value)));
    members.add(
        "\"tables\": [\n  "
            + String.join(",\n  ", tables.stream().map(ResultTable::toJson).toList())
            + "\n]");
    try {
      Files.writeString(file, "{" + String.join(",\n", members) + "}\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

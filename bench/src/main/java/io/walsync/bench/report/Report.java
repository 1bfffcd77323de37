package io.walsync.bench.report;

import io.walsync.io.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one or more suites found, with the facts without which it means nothing. */
public final class Report {

  private final Map<String, String> facts;
  private final List<ResultTable> tables = new ArrayList<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  public Report(Map<String, String> facts) {
    this.facts = facts;
  }

  public void add(ResultTable table) {
    tables.add(table);
  }

  public void addAll(Report other) {
    tables.addAll(other.tables);
    seconds.putAll(other.seconds);
  }

  /** How long a suite ran in all. */
  public void took(String suite, double suiteSeconds) {
    seconds.put(suite, suiteSeconds);
  }

  /** Such as {@code took: latency 83 s, restore 61 s; together 144 s}. */
  public String tookLine() {
    String each =
        seconds.entrySet().stream()
            .map(entry -> entry.getKey() + whole(entry.getValue()))
            .collect(Collectors.joining(", "));
    double sum = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    return "took: " + each + (seconds.size() < 2 ? "" : "; together" + whole(sum));
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, " %.0f s", value);
  }

  List<ResultTable> tables() {
    return List.copyOf(tables);
  }

  public String toText() {
    StringBuilder text = new StringBuilder("\n");
    facts.forEach((name, value) -> text.append(String.format("%-12s %s%n", name, value)));
    text.append(tookLine()).append('\n');
    tables.forEach(table -> text.append(table.toText()));
    return text.toString();
  }

  /** One line with machine, date, versions and command, as Markdown. */
  String factLine() {
    StringBuilder line = new StringBuilder();
    facts.forEach(
        (name, value) ->
            line.append(line.length() == 0 ? "" : "; ")
                .append(name)
                .append(": ")
                .append(name.equals("command") ? "`" + value + "`" : value));
    return line.append("; ").append(tookLine()).toString();
  }

  public void writeJson(Path file) {
    Json json = new Json().beginObject();
    facts.forEach(json::member);
    json.name("seconds").beginObject();
    seconds.forEach((suite, value) -> json.member(suite, Math.round(value * 10) / 10.0));
    json.endObject().name("tables").beginArray();
    tables.forEach(table -> table.addTo(json));
    write(file, json.endArray().endObject() + "\n");
  }

  /**
   * Writes {@code name.md}, {@code name.json} and an SVG for each chart.
   *
   * @param folder is made if need be
   */
  public void writeTo(Path folder, String name, List<Chart> charts) {
    write(folder.resolve(name + ".md"), toText());
    writeJson(folder.resolve(name + ".json"));
    charts.forEach(chart -> write(folder.resolve(chart.fileName() + ".svg"), chart.toSvg()));
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

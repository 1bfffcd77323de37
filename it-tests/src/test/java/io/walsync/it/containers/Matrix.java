package io.walsync.it.containers;

import io.walsync.it.harness.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What ran where and how it ended: a table in {@code target/java-matrix.md}, kept over several
 * runs.
 */
final class Matrix {

  private static final Path FILE = Path.of("target", "java-matrix.md");
  private static final String SEPARATOR = " | ";

  private Matrix() {}

  /** Runs one cell and notes its outcome. */
  static void record(Container container, Jdk jdk, String driver, Runnable cell) {
    String outcome = "failed";
    try {
      cell.run();
      outcome = "ok";
    } catch (org.opentest4j.TestAbortedException skipped) {
      outcome = "skipped";
      throw skipped;
    } finally {
      write(container + SEPARATOR + driver, jdk.feature(), outcome);
    }
  }

  private static synchronized void write(String row, int feature, String outcome) {
    try {
      Map<String, Map<Integer, String>> rows = read();
      rows.computeIfAbsent(row, unused -> new TreeMap<>()).put(feature, outcome);
      TreeSet<Integer> features = new TreeSet<>();
      rows.values().forEach(cells -> features.addAll(cells.keySet()));
      List<String> lines = new ArrayList<>();
      StringBuilder head = new StringBuilder("| Container | sqlite-jdbc |");
      features.forEach(each -> head.append(" Java ").append(each).append(" |"));
      lines.add(head.toString());
      lines.add("|---|---|" + "---|".repeat(features.size()));
      rows.forEach(
          (name, cells) -> {
            StringBuilder line = new StringBuilder("| " + name + " |");
            features.forEach(
                each -> line.append(" ").append(cells.getOrDefault(each, "-")).append(" |"));
            lines.add(line.toString());
          });
      Files.write(FILE, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Map<Integer, String>> read() throws IOException {
    Map<String, Map<Integer, String>> rows = new TreeMap<>();
    if (!Files.exists(FILE)) {
      return rows;
    }
    List<String> lines = Files.readAllLines(FILE);
    String[] head = lines.get(0).split(" *\\| *");
    for (String line : lines.subList(2, lines.size())) {
      String[] cells = line.split(" *\\| *");
      Map<Integer, String> row = new TreeMap<>();
      for (int i = 3; i < cells.length; i++) {
        if (!cells[i].equals("-")) {
          row.put(Integer.parseInt(head[i].replace("Java ", "")), cells[i]);
        }
      }
      rows.put(cells[1] + SEPARATOR + cells[2], row);
    }
    return rows;
  }
}

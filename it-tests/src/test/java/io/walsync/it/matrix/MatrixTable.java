package io.walsync.it.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One line for each version, in {@code target/matrix.txt}, to be quoted. */
final class MatrixTable {

  private static final Path FILE = Path.of("target/matrix.txt");
  private static final String FORMAT = "%-10s %9s %9s %8s %9s%n";
  private static final Map<String, String> LINES = new TreeMap<>();

  private MatrixTable() {}

  static synchronized void add(String version, MatrixRun run, List<String> differences) {
    List<String> seen = run.seen();
    long scenarioCount = seen.stream().map(line -> line.split(": ")[0]).distinct().count();
    int databaseCount = run.databases().size();
    LINES.put(
        version,
        String.format(
            FORMAT,
            version,
            scenarioCount,
            seen.size(),
            databaseCount,
            databaseCount - differences.size()));
    write();
  }

  private static void write() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(FORMAT, "driver", "scenarios", "calls", "replicas", "identical"));
    LINES.values().forEach(table::append);
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(
          FILE, table, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

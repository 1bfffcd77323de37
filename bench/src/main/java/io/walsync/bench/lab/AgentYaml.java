package io.walsync.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A configuration of the agent. */
public final class AgentYaml {

  private final List<String> lines = new ArrayList<>(List.of("dbs:"));

  /**
   * @param syncInterval such as {@code 10ms}; null for the default
   */
  public AgentYaml database(Path database, Replica replica, String syncInterval) {
    lines.add("  - path: " + database);
    lines.add("    replica:");
    replica.yaml().forEach(line -> lines.add("      " + line));
    if (syncInterval != null) {
      lines.add("      sync-interval: " + syncInterval);
    }
    return this;
  }

  /** Returns the file. */
  public Path writeTo(Path file) {
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new LabException("cannot write " + file, e);
    }
  }
}

package io.walsync.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A configuration file as a user writes one. */
public final class AgentYaml {

  private final List<String> top = new ArrayList<>();
  private final List<String> databases = new ArrayList<>();
  private boolean isMerging;

  private AgentYaml() {}

  public static AgentYaml empty() {
    return new AgentYaml();
  }

  /** One database whose changes leave soon, so that tests need not wait. */
  public static AgentYaml of(Path database, ReplicaPlace replica) {
    return empty().database(database, replica, "sync-interval: 50ms");
  }

  /** Files are merged as they are for a user who says nothing of it. */
  public AgentYaml merging() {
    isMerging = true;
    return this;
  }

  /** A line at the top level. */
  public AgentYaml top(String line) {
    top.add(line);
    return this;
  }

  /**
   * @param replicaLines further lines below {@code replica:}
   */
  public AgentYaml database(Path path, ReplicaPlace replica, String... replicaLines) {
    databases.add("  - path: " + path);
    databases.add("    replica:");
    replica.yaml().forEach(line -> databases.add("      " + line));
    for (String line : replicaLines) {
      databases.add("      " + line);
    }
    return this;
  }

  /** A line of the database named last. */
  public AgentYaml setting(String line) {
    databases.add("    " + line);
    return this;
  }

  /** Replaces the secret of every replica so far. */
  public AgentYaml secretAccessKey(String secret) {
    databases.replaceAll(
        line -> line.replaceAll("secret-access-key: .*", "secret-access-key: " + secret));
    return this;
  }

  /** Unless that is asked for, nothing is merged: it would come at any moment of a test. */
  public Path writeTo(Path file) {
    List<String> lines = new ArrayList<>(top);
    if (!databases.isEmpty()) {
      lines.add("dbs:");
      lines.addAll(databases);
    }
    if (!isMerging && top.stream().noneMatch(line -> line.startsWith("levels:"))) {
      lines.add("levels: []");
    }
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

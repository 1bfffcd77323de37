package io.walsync.bench;

import java.util.ArrayList;
import java.util.List;

/** All suites, in the order in which they run. */
final class Suites {

  private Suites() {}

  static List<Suite> all() {
    return List.of(
        new MicroSuite(),
        new LatencySuite(),
        new ThroughputSuite(),
        new MultiDbSuite(),
        new RestoreSuite(),
        new RecoverySuite(),
        new CheckpointSuite(),
        new ReplaySuite(),
        new StartupSuite(),
        new MemorySuite(),
        new CostSuite());
  }

  /**
   * @param names empty for all
   * @throws IllegalArgumentException if there is no such suite
   */
  static List<Suite> named(List<String> names) {
    List<Suite> all = all();
    if (names.isEmpty()) {
      return all;
    }
    List<Suite> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all.stream()
              .filter(suite -> suite.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no suite " + name)));
    }
    return chosen;
  }

  /** A line for each, for the help. */
  static String help() {
    StringBuilder lines = new StringBuilder();
    for (Suite suite : all()) {
      lines.append(String.format("  %-11s %s%n", suite.name(), suite.question()));
    }
    return lines.toString();
  }
}

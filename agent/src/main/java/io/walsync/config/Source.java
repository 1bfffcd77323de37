package io.walsync.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Where a configuration comes from: names positions in it, and collects the warnings about it. */
final class Source {

  private final String fileName;
  private final Expansion expansion;
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> notedKeys = new LinkedHashSet<>();

  /**
   * @param fileName as the user wrote it; empty if there is no file
   */
  Source(String fileName, Expansion expansion) {
    this.fileName = fileName;
    this.expansion = expansion;
  }

  ConfigException error(Node at, String keyPath, String problem) {
    return new ConfigException(position(at, true) + prefix(keyPath) + Expansion.unmask(problem));
  }

  void warn(Node at, String keyPath, String problem) {
    warnings.add(position(at, false) + prefix(keyPath) + Expansion.unmask(problem));
  }

  /** Warns about a key of one kind of section, the first time it is seen. */
  void warnOnce(Node at, String sectionName, String keyPath, String problem) {
    int dot = keyPath.lastIndexOf('.');
    if (notedKeys.add(sectionName + "/" + keyPath.substring(dot + 1))) {
      warn(at, keyPath, problem);
    }
  }

  List<String> warnings() {
    return new ArrayList<>(warnings);
  }

  /** The text of a scalar with its variables replaced. */
  String expand(Node at, String keyPath, String masked) throws ConfigException {
    List<String> unset = new ArrayList<>();
    String text;
    try {
      text = expansion.expand(masked, unset);
    } catch (IllegalArgumentException e) {
      throw error(at, keyPath, e.getMessage());
    }
    for (String name : unset) {
      warn(at, keyPath, "$" + name + " is not set in the environment; replaced with nothing");
    }
    return text;
  }

  /** {@code file:line}, for messages that are printed much later. */
  String line(Node at) {
    Optional<Mark> mark = at.getStartMark();
    return fileName + (mark.isPresent() ? ":" + (mark.get().getLine() + 1) : "");
  }

  private String position(Node at, boolean withColumn) {
    if (fileName.isEmpty()) {
      return "";
    }
    String position = line(at);
    if (withColumn && at.getStartMark().isPresent()) {
      position += ":" + (at.getStartMark().get().getColumn() + 1);
    }
    return position + ": ";
  }

  private static String prefix(String keyPath) {
    return keyPath.isEmpty() ? "" : Expansion.unmask(keyPath) + ": ";
  }
}

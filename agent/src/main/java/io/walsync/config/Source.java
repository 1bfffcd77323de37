package io.walsync.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The text that a configuration comes from. It names positions in it and collects warnings and
 * errors, so that the user reads all of them at once.
 */
final class Source {

  private static final Pattern PLACE = Pattern.compile(":([0-9]{1,9}):(?:([0-9]{1,9}):)? ");

  private final String fileName;
  private final Expansion expansion;
  private final Overrides overrides;
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> notedKeys = new LinkedHashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();

  /** Reads one part of a file. */
  interface Part {
    void read() throws ConfigException;
  }

  /** Reads one part of a file, which is one value. */
  interface ValuePart<T> {
    T read() throws ConfigException;
  }

  /**
   * @param fileName as the user wrote it; empty if there is no file
   * @param overrides what counts before the file
   */
  Source(String fileName, Expansion expansion, Overrides overrides) {
    this.fileName = fileName;
    this.expansion = expansion;
    this.overrides = overrides;
  }

  /** What is given outside the file for a key of such a section; null if nothing is. */
  @Nullable Value given(KeySet section, String key) {
    return overrides.value(this, section, key);
  }

  /** Warns of names outside the file that mean nothing; once everything has been read. */
  void warnOfUnknownNames() {
    warnings.addAll(overrides.warnings(expansion.used()));
  }

  ConfigException error(Node at, String keyPath, String problem) {
    return new ConfigException(
        position(at, true) + prefix(at, keyPath) + Expansion.unmask(problem));
  }

  /** Reads a part. An error in it is remembered, and reading goes on to find the others. */
  void attempt(Part part) {
    try {
      part.read();
    } catch (ConfigException e) {
      report(e);
    }
  }

  /** As {@link #attempt}, of a part that is one value; null after an error. */
  <T> @Nullable T found(ValuePart<T> part) {
    try {
      return part.read();
    } catch (ConfigException e) {
      report(e);
      return null;
    }
  }

  /** Remembers an error for {@link #check}. */
  void report(ConfigException error) {
    problems.addAll(error.problems());
  }

  /**
   * @throws ConfigException with all errors so far, in the order of the file
   */
  void check() throws ConfigException {
    if (!problems.isEmpty()) {
      List<String> sorted = new ArrayList<>(problems);
      sorted.sort(Comparator.comparingLong(this::place));
      throw new ConfigException(sorted);
    }
  }

  /** Line and column in one number. */
  private long place(String problem) {
    Matcher place = PLACE.matcher(problem.substring(Math.min(fileName.length(), problem.length())));
    if (!place.lookingAt()) {
      return 0;
    }
    long column = place.group(2) == null ? 0 : Long.parseLong(place.group(2));
    return Long.parseLong(place.group(1)) << 32 | column;
  }

  void warn(Node at, String keyPath, String problem) {
    warnings.add(position(at, false) + prefix(at, keyPath) + Expansion.unmask(problem));
  }

  /** Warns about a key of one kind of section, the first time it is seen. */
  void warnOnce(Node at, String sectionName, String keyPath, String problem) {
    int dot = keyPath.lastIndexOf('.');
    if (notedKeys.add(sectionName + "/" + keyPath.substring(dot + 1))) {
      warn(at, keyPath, problem);
    }
  }

  /** The warnings in the order of the file. */
  List<String> warnings() {
    List<String> sorted = new ArrayList<>(warnings);
    sorted.sort(Comparator.comparingLong(this::place));
    return sorted;
  }

  /** The text of a scalar with its variables replaced. */
  String expand(Node at, String keyPath, String masked) throws ConfigException {
    List<String> unset = new ArrayList<>();
    String text;
    try {
      text = expansion.expand(masked, unset);
    } catch (IllegalArgumentException e) {
      throw error(at, keyPath, String.valueOf(e.getMessage()));
    }
    for (String name : unset) {
      String variable =
          name.contains(":-")
              ? "${" + name + "} is no variable (there are no defaults, as in Litestream)"
              : "$" + name + " is not set in the environment";
      warn(at, keyPath, variable + "; replaced with nothing");
    }
    return text;
  }

  /** {@code file:line}, for messages that are printed much later. */
  String line(Node at) {
    Optional<Mark> mark = at.getStartMark();
    if (isOutside(at)) {
      return mark.get().getName();
    }
    return fileName + (mark.isPresent() ? ":" + (mark.get().getLine() + 1) : "");
  }

  /** Whether the value stands in no file; then its mark names where it does. */
  private boolean isOutside(Node at) {
    Optional<Mark> mark = at.getStartMark();
    return mark.isPresent() && !mark.get().getName().equals(fileName);
  }

  private String position(Node at, boolean withColumn) {
    if (isOutside(at)) {
      return line(at) + ": ";
    }
    if (fileName.isEmpty()) {
      return "";
    }
    String position = line(at);
    if (withColumn && at.getStartMark().isPresent()) {
      position += ":" + (at.getStartMark().get().getColumn() + 1);
    }
    return position + ": ";
  }

  private String prefix(Node at, String keyPath) {
    if (isOutside(at)) {
      int parameter = keyPath.lastIndexOf('?');
      return parameter < 0 ? "" : keyPath.substring(parameter + 1) + ": ";
    }
    return keyPath.isEmpty() ? "" : Expansion.unmask(keyPath) + ": ";
  }
}

package io.walsync.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of the file. The constructor checks every key against the section's {@link KeySet}.
 * Only a key that looks like a misspelt known one is an error: Litestream ignores unknown keys, and
 * a file that it runs with must not turn replication off here. All other keys without effect (of
 * older versions, of other tools, in the wrong section, holders of anchors, duplicates) are
 * warnings. YAML merge keys ({@code <<:}) are honoured, as Litestream's parser does.
 */
final class Section {

  /** Deepest nesting of merges; a deeper one is a mistake or a loop. */
  private static final int MAX_MERGE_DEPTH = 16;

  /** Most mappings merged into one; more are a mistake or an attack. */
  private static final int MAX_MERGES = 1000;

  private final Source source;
  private final String path;
  private final MappingNode node;
  private final KeySet keys;
  private final Map<String, Value> valuesByKey = new LinkedHashMap<>();

  /** Known keys that were misspelt in this section. */
  private final Set<String> misspelt = new HashSet<>();

  private int mergeCount;

  /**
   * @param path of the section, such as {@code dbs[0].replica}; empty for the top level
   */
  Section(Source source, String path, MappingNode node, KeySet keys) throws ConfigException {
    this.source = source;
    this.path = path;
    this.node = node;
    this.keys = keys;
    read(node, 0);
  }

  private void read(MappingNode mapping, int depth) throws ConfigException {
    Map<String, Value> own = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode)) {
        source.report(source.error(keyNode, path, "a key must be a word"));
        continue;
      }
      String key = ((ScalarNode) keyNode).getValue();
      if (key.equals("<<")) {
        continue;
      }
      if (!keys.contains(key)) {
        checkUnknown(keyNode, key, tuple.getValueNode());
        continue;
      }
      Value value = new Value(source, pathOf(key), key, keyNode, tuple.getValueNode());
      Value earlier = own.put(key, value);
      if (earlier != null) {
        source.warn(
            keyNode,
            pathOf(key),
            "is given twice, first at " + earlier.line() + "; this one counts");
      }
      String note = keys.note(key);
      if (note != null && !value.isAbsent()) {
        source.warnOnce(keyNode, keys.name(), pathOf(key), note);
      }
    }
    for (Map.Entry<String, Value> entry : own.entrySet()) {
      valuesByKey.putIfAbsent(entry.getKey(), entry.getValue());
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (keyNode instanceof ScalarNode && ((ScalarNode) keyNode).getValue().equals("<<")) {
        merge(tuple.getValueNode(), depth + 1);
      }
    }
  }

  private void merge(Node merged, int depth) throws ConfigException {
    if (depth > MAX_MERGE_DEPTH || ++mergeCount > MAX_MERGES) {
      throw source.error(merged, path, "`<<` is nested too deeply");
    }
    if (merged instanceof MappingNode) {
      read((MappingNode) merged, depth);
    } else if (merged instanceof SequenceNode) {
      List<Node> elements = ((SequenceNode) merged).getValue();
      for (Node element : elements) {
        merge(element, depth + 1);
      }
    } else {
      throw source.error(merged, path, "`<<` must name a mapping");
    }
  }

  private void checkUnknown(Node keyNode, String key, Node valueNode) {
    for (KeySet other : ConfigKeys.ALL) {
      if (other.contains(key)) {
        source.warnOnce(
            keyNode,
            keys.name(),
            pathOf(key),
            "belongs in " + other.name() + ", not here; ignored");
        return;
      }
    }
    String nearest = NearestKey.find(key, keys.keys());
    boolean isHolder = path.isEmpty() && Anchors.areIn(valueNode) && !"dbs".equals(nearest);
    if (isHolder) {
      source.warn(keyNode, key, "is no key; what it holds counts where its anchors are used");
    } else if (nearest != null) {
      misspelt.add(nearest);
      source.report(
          source.error(keyNode, pathOf(key), "unknown key; did you mean `" + nearest + "`?"));
    } else {
      source.warnOnce(keyNode, keys.name(), pathOf(key), "unknown key; ignored" + elsewhere(key));
    }
  }

  private static String elsewhere(String key) {
    for (KeySet other : ConfigKeys.ALL) {
      String nearest = NearestKey.find(key, other.keys());
      if (nearest != null) {
        return ". `" + nearest + "` belongs in " + other.name();
      }
    }
    return "";
  }

  /**
   * The value of a key; null if the key is absent, has no value, or has only variables that are not
   * set.
   */
  @Nullable Value get(String key) throws ConfigException {
    assert keys.contains(key) : key;
    Value given = source.given(keys, key);
    if (given != null) {
      return given;
    }
    Value value = valuesByKey.get(key);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The section that a key holds; one without keys if the key is absent. */
  Section sectionOrEmpty(String key, KeySet keysOfIt) throws ConfigException {
    Value value = get(key);
    if (value != null) {
      return value.section(keysOfIt);
    }
    return new Section(source, pathOf(key), YamlFile.nothing(), keysOfIt);
  }

  Value required(String key) throws ConfigException {
    Value value = get(key);
    if (value == null) {
      throw missing(key, "`" + key + "` is required");
    }
    return value;
  }

  /** The error for a key that {@link #get} did not find. */
  ConfigException missing(String key, String problem) {
    if (misspelt.contains(key)) {
      return new ConfigException(Collections.<String>emptyList());
    }
    Value value = valuesByKey.get(key);
    return value == null || value.isAbsent()
        ? error(problem)
        : value.error("is empty, since its variable is not set in the environment");
  }

  void warn(String problem) {
    source.warn(node, path, problem);
  }

  Source source() {
    return source;
  }

  /** The keys that have values. */
  Iterable<Value> values() {
    return valuesByKey.values();
  }

  ConfigException error(String problem) {
    return source.error(node, path, problem);
  }

  String path() {
    return path;
  }

  /** {@code file:line} at which the section starts. */
  String line() {
    return source.line(node);
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}

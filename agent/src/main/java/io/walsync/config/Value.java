package io.walsync.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One value of the file, converted to a type on request. Every error names its line and key. */
final class Value {

  private static final List<String> TRUE = Arrays.asList("true", "yes", "on", "y");
  private static final List<String> FALSE = Arrays.asList("false", "no", "off", "n");

  private final Source source;
  private final String path;
  private final String key;
  private final Node keyNode;
  private final Node node;

  /**
   * Text that is part of another value, with its variables replaced; null for a value of its own.
   */
  private final @Nullable String part;

  Value(Source source, String path, String key, Node keyNode, Node node) {
    this(source, path, key, keyNode, node, null);
  }

  private Value(
      Source source, String path, String key, Node keyNode, Node node, @Nullable String part) {
    this.source = source;
    this.path = path;
    this.key = key;
    this.keyNode = keyNode;
    this.node = node;
    this.part = part;
  }

  /** A setting written inside this value, as the parameters of a URL are. */
  Value part(String name, String partKey, String text) {
    return new Value(source, path + "?" + name, partKey, keyNode, node, text);
  }

  /** A value that is given outside the file; its text stands for itself. */
  static Value given(Source source, String key, Node node, String text) {
    return new Value(source, "", key, node, node, text);
  }

  String key() {
    return key;
  }

  String path() {
    return path;
  }

  /** {@code file:line} of the key. */
  String line() {
    return source.line(keyNode);
  }

  ConfigException error(String problem) {
    return source.error(node, path, problem);
  }

  void warn(String problem) {
    source.warn(keyNode, path, problem);
  }

  /** Warns unless a key of this name in this kind of section has been warned about. */
  void warnOnce(String problem) {
    source.warnOnce(keyNode, "", path, problem);
  }

  /** Whether the value is empty, {@code ~} or {@code null}, so that the key counts as absent. */
  boolean isAbsent() {
    if (!(node instanceof ScalarNode)) {
      return false;
    }
    ScalarNode scalar = (ScalarNode) node;
    String text = scalar.getValue();
    boolean isPlain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    return text.isEmpty()
        || isPlain && (text.equals("~") || text.toLowerCase(Locale.ROOT).equals("null"));
  }

  boolean isEmpty() throws ConfigException {
    return isAbsent() || node instanceof ScalarNode && text().isEmpty();
  }

  String text() throws ConfigException {
    if (part != null) {
      return part;
    }
    if (!(node instanceof ScalarNode)) {
      throw error("must be a single value, not a " + kind());
    }
    String text = source.expand(node, path, ((ScalarNode) node).getValue());
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw error("contains a control character");
      }
    }
    return text.trim();
  }

  boolean bool() throws ConfigException {
    String word = text().toLowerCase(Locale.ROOT);
    if (part != null && (word.equals("1") || word.equals("0"))) {
      return word.equals("1");
    }
    if (TRUE.contains(word)) {
      return true;
    }
    if (FALSE.contains(word)) {
      return false;
    }
    source.report(error("must be true or false" + butIs()));
    return false;
  }

  /**
   * A whole number. Litestream accepts any, so a number out of range is replaced by the nearest
   * allowed one, with a warning. Anything that is no number is an error.
   */
  int integer(int min, int max) throws ConfigException {
    String text = text();
    if (!text.matches("-?[0-9]{1,10}")) {
      source.report(error("must be a whole number from " + min + " to " + max + butIs()));
      return min;
    }
    long number = Long.parseLong(text);
    long used = Math.max(min, Math.min(max, number));
    if (used != number) {
      warn("must be from " + min + " to " + max + "; " + used + " is used");
    }
    return (int) used;
  }

  /** Bytes; anything out of range is an error. */
  long size(long min, long max) throws ConfigException {
    long bytes = size();
    if (bytes >= 0 && (bytes < min || bytes > max)) {
      source.report(
          error("must be from " + ByteSize.format(min) + " to " + ByteSize.format(max) + butIs()));
    }
    return bytes;
  }

  /** Bytes; as {@link #integer}, a size out of range is replaced by the nearest allowed one. */
  long nearestSize(long min, long max) throws ConfigException {
    long bytes = size();
    long used = Math.max(min, Math.min(max, bytes));
    if (bytes >= 0 && used != bytes) {
      warn(
          "must be from "
              + ByteSize.format(min)
              + " to "
              + ByteSize.format(max)
              + "; "
              + ByteSize.format(used)
              + " is used");
    }
    return used;
  }

  /** Negative after an error. */
  private long size() throws ConfigException {
    try {
      return ByteSize.parse(text());
    } catch (IllegalArgumentException e) {
      source.report(error(quoted() + e.getMessage()));
      return -1;
    }
  }

  /**
   * As {@link #integer}. Litestream reads a number without a unit as nanoseconds, which nobody
   * means, so the default is used.
   */
  Duration duration(Duration min, Duration max, Duration defaultValue) throws ConfigException {
    String text = text();
    if (text.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?") && !text.matches("0+")) {
      warn("has no unit (write " + text + "s, for instance): " + used(defaultValue));
      return defaultValue;
    }
    boolean isNegative = text.startsWith("-");
    Duration duration;
    try {
      duration = GoDuration.parse(isNegative ? text.substring(1) : text);
    } catch (IllegalArgumentException e) {
      source.report(error(quoted() + e.getMessage()));
      return defaultValue;
    }
    String range = "must be from " + GoDuration.format(min) + " to " + GoDuration.format(max);
    if (!min.isZero() && (isNegative || duration.isZero())) {
      source.report(error(range + butIs()));
      return defaultValue;
    }
    if (isNegative) {
      warn(range + ": " + used(defaultValue));
      return defaultValue;
    }
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      Duration nearest = duration.compareTo(min) < 0 ? min : max;
      warn(range + ": " + used(nearest));
      return nearest;
    }
    return duration;
  }

  private static String used(Duration duration) {
    return GoDuration.format(duration) + " is used";
  }

  /** The index of the value among {@code words}; upper and lower case are the same. */
  int word(String... words) throws ConfigException {
    int index = Arrays.asList(words).indexOf(text().toLowerCase(Locale.ROOT));
    if (index < 0) {
      source.report(error("must be one of " + String.join(", ", words) + butIs()));
      return 0;
    }
    return index;
  }

  Source source() {
    return source;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  Section section(KeySet keys) throws ConfigException {
    if (!(node instanceof MappingNode)) {
      throw error("must be a mapping of keys, not a " + kind());
    }
    return new Section(source, path, (MappingNode) node, keys);
  }

  /** The elements of a sequence. */
  List<Value> list() throws ConfigException {
    if (!(node instanceof SequenceNode)) {
      throw error("must be a list (lines that start with \"-\"), not a " + kind());
    }
    List<Value> elements = new ArrayList<>();
    for (Node element : ((SequenceNode) node).getValue()) {
      elements.add(new Value(source, path + "[" + elements.size() + "]", key, element, element));
    }
    return elements;
  }

  private String kind() {
    if (node instanceof MappingNode) {
      return "mapping of keys";
    }
    return node instanceof SequenceNode ? "list" : "single value";
  }

  private String quoted() throws ConfigException {
    return ConfigKeys.SECRETS.contains(key) ? "" : "\"" + text() + "\" ";
  }

  private String butIs() throws ConfigException {
    return ConfigKeys.SECRETS.contains(key) ? "" : ", not \"" + text() + "\"";
  }
}

package io.walsync.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Keys that are given outside a file: by the system property {@code walsync.KEY}, or else by the
 * variable {@code WALSYNC_KEY}, in capitals and with {@code _} for dashes and dots. What is given
 * so counts before the file, wherever in it the key stands.
 *
 * <p>Immutable.
 */
final class Overrides {

  static final Overrides NONE = new Overrides(new LinkedHashMap<>(), Collections.emptyMap());

  static final String VARIABLE_PREFIX = "WALSYNC_";
  static final String PROPERTY_PREFIX = "walsync.";

  /** Each means the same at the top, in a database and in a replica. */
  private static final KeySet FLAT =
      new KeySet("the environment")
          .with("endpoint", "region", "force-path-style", "skip-verify", "storage-class")
          .with("part-size", "concurrency", "sse-kms-key-id", "server-side-encryption")
          .with("sync-interval", "journal-mode", "page-encoding", "checkpointer", "behind")
          .with("staging-max-bytes", "staging-max-total-bytes", "shutdown-timeout")
          .with("restore-if-db-not-exists")
          .with("addr", "litestream-metrics");

  private static final String LOGGING_LEVEL = "logging.level";

  /** Names that mean something, and no key: where the configuration is, and the launcher's. */
  private static final Set<String> OTHER_NAMES =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "WALSYNC_CONFIG",
                  "WALSYNC_CACHE",
                  "WALSYNC_PREPARE",
                  "WALSYNC_JAVA_OPTS",
                  "walsync.config")));

  /** What Kubernetes tells each container of a service that is called walsync. */
  private static final String SERVICE_OF_KUBERNETES =
      "WALSYNC_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_.*)?)";

  private final Map<String, Given> givenByKey;

  /** Names that no key has; by name, what is said of them. */
  private final Map<String, String> unknown;

  private static final class Given {
    final String name;
    final String text;

    Given(String name, String text) {
      this.name = name;
      this.text = text;
    }
  }

  private Overrides(Map<String, Given> givenByKey, Map<String, String> unknown) {
    this.givenByKey = givenByKey;
    this.unknown = unknown;
  }

  /**
   * @param environment as {@link HostEnvironment#read} returns it
   */
  static Overrides of(Map<String, String> environment) {
    Map<String, Given> given = new LinkedHashMap<>();
    for (String key : keys()) {
      for (String name : new String[] {PROPERTY_PREFIX + key, variable(key)}) {
        String text = environment.get(name);
        if (text != null && !text.trim().isEmpty()) {
          given.putIfAbsent(key, new Given(name, text.trim()));
        }
      }
    }
    Map<String, String> unknown = new TreeMap<>();
    for (String name : environment.keySet()) {
      if (!isKnown(name)) {
        unknown.put(name, problem(name));
      }
    }
    return new Overrides(given, unknown);
  }

  /** The same without some keys, which are given in a place that counts before. */
  Overrides without(Collection<String> keys) {
    Map<String, Given> left = new LinkedHashMap<>(givenByKey);
    left.keySet().removeAll(keys);
    return new Overrides(left, unknown);
  }

  /** Null unless the key of such a section is given. */
  @Nullable Value value(Source source, KeySet section, String key) {
    boolean isFlat =
        section == ConfigKeys.TOP
            || section == ConfigKeys.DATABASE
            || section == ConfigKeys.REPLICA;
    boolean isLevel = section == ConfigKeys.LOGGING && key.equals("level");
    Given given = isFlat ? givenByKey.get(key) : isLevel ? givenByKey.get(LOGGING_LEVEL) : null;
    return given == null
        ? null
        : Value.given(source, key, node(given.name, given.text), given.text);
  }

  /**
   * What is said of names that no key has.
   *
   * @param used variables that the file itself uses, which are its author's
   */
  List<String> warnings(Set<String> used) {
    List<String> warnings = new ArrayList<>();
    for (Map.Entry<String, String> each : unknown.entrySet()) {
      if (!used.contains(each.getKey())) {
        warnings.add(each.getKey() + ": " + each.getValue());
      }
    }
    return warnings;
  }

  /**
   * A value that no file holds.
   *
   * @param place named in messages instead of a line
   */
  static ScalarNode node(String place, String text) {
    Optional<Mark> mark = Optional.of(new Mark(place, 0, 0, 0, new int[0], 0));
    return new ScalarNode(Tag.STR, true, text, ScalarStyle.DOUBLE_QUOTED, mark, mark);
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(FLAT.keys());
    keys.add(LOGGING_LEVEL);
    return keys;
  }

  private static String variable(String key) {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static boolean isKnown(String name) {
    if (name.startsWith(PROPERTY_PREFIX)) {
      return OTHER_NAMES.contains(name) || keys().contains(withoutPrefix(name));
    }
    if (!name.startsWith(VARIABLE_PREFIX) || OTHER_NAMES.contains(name)) {
      return true;
    }
    for (String key : keys()) {
      if (variable(key).equals(name)) {
        return true;
      }
    }
    return name.matches(SERVICE_OF_KUBERNETES);
  }

  private static String withoutPrefix(String name) {
    return name.substring(PROPERTY_PREFIX.length());
  }

  private static String problem(String name) {
    boolean isVariable = name.startsWith(VARIABLE_PREFIX);
    String key = withoutPrefix(name);
    key = isVariable ? key.toLowerCase(Locale.ROOT).replace('_', '-') : key;
    if (ConfigKeys.SECRETS.contains(key)) {
      return "is no key outside a file; ignored. Credentials are found as the AWS tools find them,"
          + " such as in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    }
    for (KeySet keys : ConfigKeys.ALL) {
      if (keys.contains(key)) {
        return "is no key outside a file; ignored. Write `" + key + "` in " + keys.name();
      }
    }
    List<String> known = new ArrayList<>();
    for (String each : keys()) {
      known.add(isVariable ? each.replace('.', '-') : each);
    }
    String nearest = NearestKey.find(key, known);
    String meant =
        nearest == null ? null : isVariable ? variable(nearest) : PROPERTY_PREFIX + nearest;
    return "is no key; ignored" + (meant == null ? "" : ". Did you mean " + meant + "?");
  }
}

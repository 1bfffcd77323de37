package io.walsync.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one replica in order of precedence: its own keys, the defaults at the top level,
 * the parameters of its URL.
 */
final class ReplicaSettings {

  private final Section replica;
  private final Section top;
  private final Map<String, Value> parameters;

  /**
   * @param top the section whose replica keys are defaults
   * @param parameters of the URL, by key
   */
  ReplicaSettings(Section replica, Section top, Map<String, Value> parameters) {
    this.replica = replica;
    this.top = top;
    this.parameters = parameters;
  }

  /** The replica's own mapping. */
  Section section() {
    return replica;
  }

  /** Null if the setting is not given anywhere. */
  @Nullable Value get(String key) throws ConfigException {
    Value value = replica.get(key);
    if (value == null) {
      value = top.get(key);
    }
    return value == null ? parameters.get(key) : value;
  }

  /** Whether the value comes from the URL. */
  boolean isParameter(Value value) {
    return parameters.containsValue(value);
  }

  @Nullable String text(String key) throws ConfigException {
    Value value = get(key);
    return value == null ? null : value.text();
  }

  boolean bool(String key, boolean defaultValue) throws ConfigException {
    Value value = get(key);
    return value == null ? defaultValue : value.bool();
  }
}

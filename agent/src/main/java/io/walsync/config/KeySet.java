package io.walsync.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one kind of section may have. For keys that do nothing, also the warning that says
 * so.
 */
final class KeySet {

  private final String name;
  private final Map<String, String> notesByKey = new LinkedHashMap<>();

  /**
   * @param name as it reads in "belongs in …", such as "a replica"
   */
  KeySet(String name) {
    this.name = name;
  }

  /** Keys that take effect. */
  KeySet with(String... keys) {
    for (String key : keys) {
      notesByKey.put(key, null);
    }
    return this;
  }

  /** Keys that are accepted and do nothing; {@code note} is the warning. */
  KeySet ignoring(String note, String... keys) {
    for (String key : keys) {
      notesByKey.put(key, note);
    }
    return this;
  }

  KeySet including(KeySet other) {
    notesByKey.putAll(other.notesByKey);
    return this;
  }

  String name() {
    return name;
  }

  boolean contains(String key) {
    return notesByKey.containsKey(key);
  }

  Collection<String> keys() {
    return notesByKey.keySet();
  }

  /** The warning for a key that does nothing, or null. */
  @Nullable String note(String key) {
    return notesByKey.get(key);
  }
}

package io.walsync.hook;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The databases that one connection has attached, each with a hook of its own: to whoever
 * replicates it, an attached database is a database with one more connection.
 *
 * <p>Threading: under the connection's monitor, but for {@link #hooks}.
 */
final class AttachedDatabases {

  private static final String MAIN = "main";
  private static final String TEMP = "temp";

  private final Map<String, ConnectionHook> bySchema = new ConcurrentHashMap<>();

  /** From any thread. */
  List<ConnectionHook> hooks() {
    return new ArrayList<>(bySchema.values());
  }

  /** Under the monitor. */
  Iterable<Map.Entry<String, ConnectionHook>> bySchema() {
    return bySchema.entrySet();
  }

  void enterAlone(boolean mayCheckpoint) {
    for (ConnectionHook hook : bySchema.values()) {
      SoleWriter sole = hook.sole();
      if (sole != null) {
        sole.enter(mayCheckpoint);
      }
    }
  }

  void leftAlone(boolean isOutside, long resultCode) {
    for (ConnectionHook hook : bySchema.values()) {
      SoleWriter sole = hook.sole();
      if (sole != null) {
        sole.left(isOutside, resultCode);
      }
    }
  }

  void heldOff(boolean isOff) {
    for (ConnectionHook hook : bySchema.values()) {
      SoleWriter sole = hook.sole();
      if (sole != null) {
        sole.heldOff(isOff);
      }
    }
  }

  boolean isEmpty() {
    return bySchema.isEmpty();
  }

  /**
   * Takes in what has been attached and detached since the last time.
   *
   * @param files of the connection's databases, by schema
   * @param connection that has them attached
   * @param opened told of each new hook
   */
  void update(
      Map<String, String> files, ConnectionHook connection, Consumer<ConnectionHook> opened) {
    Iterator<Map.Entry<String, ConnectionHook>> known = bySchema.entrySet().iterator();
    while (known.hasNext()) {
      Map.Entry<String, ConnectionHook> entry = known.next();
      ConnectionHook hook = entry.getValue();
      if (hook.fileName().equals(files.get(entry.getKey()))) {
        hook.database().stays(hook);
      } else {
        known.remove();
        hook.database().closed(hook);
      }
    }
    for (Map.Entry<String, String> entry : files.entrySet()) {
      String schema = entry.getKey();
      String file = entry.getValue();
      boolean isOfAFile = !file.isEmpty() && !MAIN.equals(schema) && !TEMP.equals(schema);
      if (isOfAFile && !bySchema.containsKey(schema)) {
        ConnectionHook hook = connection.attached(file);
        bySchema.put(schema, hook);
        opened.accept(hook);
      }
    }
  }

  void committed() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().committed();
    }
  }

  void awaitTurnstile() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().awaitTurnstile();
    }
  }

  boolean isDoorUsed() {
    if (!bySchema.isEmpty()) {
      for (ConnectionHook hook : bySchema.values()) {
        if (hook.database().isDoorUsed()) {
          return true;
        }
      }
    }
    return false;
  }

  boolean isShutOut() {
    if (!bySchema.isEmpty()) {
      for (ConnectionHook hook : bySchema.values()) {
        if (Doorway.isShutTo(hook.file())) {
          return true;
        }
      }
    }
    return false;
  }

  void passDoorway() {
    for (ConnectionHook hook : bySchema.values()) {
      Doorway.pass(hook.file());
    }
  }

  void letGo() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().letGo(hook, false);
    }
  }

  void takeHold() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().takeHold(hook);
    }
  }

  /** One of them is about to be detached, or all to be closed. */
  void leave() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.leave();
    }
  }

  /** None of them was. */
  void stay() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().stays(hook);
    }
  }

  /** All of them were. */
  void closed() {
    for (ConnectionHook hook : bySchema.values()) {
      hook.database().closed(hook);
    }
    bySchema.clear();
  }
}

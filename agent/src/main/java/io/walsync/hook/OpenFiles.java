package io.walsync.hook;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The databases that one connection has open: its own, and those that it has attached.
 *
 * <p>Threading: under the connection's monitor, but for {@link #attached}.
 */
final class OpenFiles {

  static final String MAIN = "main";
  private static final String TEMP = "temp";

  private final ApplicationConnection connection;
  private final FileConnection main;
  private final Consumer<FileConnection> opened;
  private final Map<String, FileConnection> bySchema = new ConcurrentHashMap<>();

  /** Asked at each commit. */
  private boolean isAnyAttached;

  private boolean isListStale;

  /** Those that are attached have been told that they may be left. */
  private boolean isDetaching;

  /**
   * @param opened told of each database that the connection attaches, and of its own if it turns
   *     out only later which file that is; on the application's thread
   */
  OpenFiles(
      ApplicationConnection connection, FileConnection main, Consumer<FileConnection> opened) {
    this.connection = connection;
    this.main = main;
    this.opened = opened;
    this.isListStale = !main.isFileKnown();
  }

  FileConnection main() {
    return main;
  }

  /** Those that are attached; from any thread. */
  List<FileConnection> attached() {
    return new ArrayList<>(bySchema.values());
  }

  /** Those that are attached; empty for most connections. */
  Iterable<Map.Entry<String, FileConnection>> bySchema() {
    return bySchema.entrySet();
  }

  boolean isAnyAttached() {
    return isAnyAttached;
  }

  // ---- which they are

  /** Some may have been attached or detached. */
  void mayHaveChanged() {
    isListStale = true;
  }

  /** A DETACH has failed, or this is the reset after it: looked at if they were told of it. */
  void mayBeDetached() {
    isListStale = isDetaching;
  }

  boolean isListStale() {
    return isListStale;
  }

  /**
   * Asks SQLite. Only after a statement that succeeded: of one that failed, the driver is yet to
   * ask for the message, which this would replace.
   *
   * @return whether it has told
   */
  boolean list() {
    Map<String, String> files = connection.databaseFiles();
    isDetaching = false;
    boolean isInterrupted = files != null && files.isEmpty();
    if (files == null || isInterrupted) {
      stay();
    }
    if (isInterrupted) {
      // By a progress handler of the application's for one: asked again.
      return false;
    }
    if (files != null) {
      update(files);
    }
    isListStale = false;
    if (!main.isFileKnown()) {
      main.answered(files == null ? null : files.getOrDefault(MAIN, ""));
      opened.accept(main);
    }
    return files != null;
  }

  private void update(Map<String, String> files) {
    Iterator<Map.Entry<String, FileConnection>> known = bySchema.entrySet().iterator();
    while (known.hasNext()) {
      Map.Entry<String, FileConnection> entry = known.next();
      FileConnection file = entry.getValue();
      if (file.fileName().equals(files.get(entry.getKey()))) {
        file.database().stays(file);
      } else {
        known.remove();
        file.database().closed(file);
      }
    }
    for (Map.Entry<String, String> entry : files.entrySet()) {
      String schema = entry.getKey();
      String file = entry.getValue();
      boolean isOfAFile = !file.isEmpty() && !MAIN.equals(schema) && !TEMP.equals(schema);
      if (isOfAFile && !bySchema.containsKey(schema)) {
        FileConnection attached = main.attached(file);
        bySchema.put(schema, attached);
        isAnyAttached = true;
        opened.accept(attached);
      }
    }
    isAnyAttached = !bySchema.isEmpty();
  }

  // ---- commits

  void committed() {
    main.database().committed();
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        file.database().committed();
      }
    }
  }

  void awaitTurnstile() {
    main.database().awaitTurnstile();
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        file.database().awaitTurnstile();
      }
    }
  }

  // ---- the moments in which the agent needs a database for itself

  boolean isDoorUsed() {
    if (main.isDoorUsed()) {
      return true;
    }
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        if (file.database().isDoorUsed()) {
          return true;
        }
      }
    }
    return false;
  }

  boolean isShutOut() {
    if (Doorway.isShutTo(main.file())) {
      return true;
    }
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        if (Doorway.isShutTo(file.file())) {
          return true;
        }
      }
    }
    return false;
  }

  void passDoorway() {
    Doorway.pass(main.file());
    for (FileConnection file : bySchema.values()) {
      Doorway.pass(file.file());
    }
  }

  // ---- getting the agent out of the way

  void letGo() {
    main.database().letGo(main, false);
    for (FileConnection file : bySchema.values()) {
      file.database().letGo(file, false);
    }
  }

  void takeHold() {
    main.database().takeHold(main);
    for (FileConnection file : bySchema.values()) {
      file.database().takeHold(file);
    }
  }

  /** One of those that are attached is about to be detached, or all to be closed. */
  void leaveAttached() {
    if (!isDetaching && isAnyAttached) {
      isDetaching = true;
      for (FileConnection file : bySchema.values()) {
        file.leave();
      }
    }
  }

  /** None of them was. */
  private void stay() {
    for (FileConnection file : bySchema.values()) {
      file.database().stays(file);
    }
  }

  /** All are closed, the connection's own too. */
  void closed() {
    main.database().closed(main);
    for (FileConnection file : bySchema.values()) {
      file.database().closed(file);
    }
    bySchema.clear();
    isAnyAttached = false;
    main.forgetDatabase();
  }

  // ---- those that the connection keeps to itself

  void enterAlone(boolean mayCheckpoint, boolean mayCommitBefore) {
    enterAlone(main.sole(), mayCheckpoint, mayCommitBefore);
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        enterAlone(file.sole(), mayCheckpoint, mayCommitBefore);
      }
    }
  }

  private static void enterAlone(
      @Nullable SoleWriter sole, boolean mayCheckpoint, boolean mayCommitBefore) {
    if (sole != null) {
      sole.enter(mayCheckpoint, mayCommitBefore);
    }
  }

  void leftAlone(boolean isOutside, long resultCode) {
    leftAlone(main.sole(), isOutside, resultCode);
    if (isAnyAttached) {
      for (FileConnection file : bySchema.values()) {
        leftAlone(file.sole(), isOutside, resultCode);
      }
    }
  }

  private static void leftAlone(@Nullable SoleWriter sole, boolean isOutside, long resultCode) {
    if (sole != null) {
      sole.left(isOutside, resultCode);
    }
  }

  void heldOff(boolean isOff) {
    heldOff(main.sole(), isOff);
    for (FileConnection file : bySchema.values()) {
      heldOff(file.sole(), isOff);
    }
  }

  private static void heldOff(@Nullable SoleWriter sole, boolean isOff) {
    if (sole != null) {
      sole.heldOff(isOff);
    }
  }
}

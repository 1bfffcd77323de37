package io.walsync.weave;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Has the methods that woven code calls, and writes down each call. */
public final class RecordingBridge {

  static final Object HOOK = "hook";
  static final List<String> EVENTS = new ArrayList<>();
  static boolean wantsConnections;
  static int guardedCount;
  static Exception refusal;
  static int openingCount;
  static int openingEndedCount;

  private RecordingBridge() {}

  static void reset(boolean wantsConnectionsNow) {
    EVENTS.clear();
    wantsConnections = wantsConnectionsNow;
  }

  public static void nativeCalled() {
    EVENTS.add("native");
  }

  public static Object opened(Object nativeDb, Object fileName) {
    EVENTS.add("opened " + text(fileName));
    return wantsConnections ? HOOK : null;
  }

  public static Object opened(Object nativeDb, Object fileName, String file) {
    EVENTS.add("opened " + text(fileName) + " as " + file);
    return wantsConnections ? HOOK : null;
  }

  public static void beforeOpen(Object fileName, int flags) throws Exception {
    guardedCount++;
    if (refusal != null) {
      throw refusal;
    }
  }

  public static void opening() {
    openingCount++;
  }

  public static void openingEnded() {
    openingCount--;
    openingEndedCount++;
  }

  public static byte[] databaseList() {
    return "PRAGMA database_list".getBytes(StandardCharsets.UTF_8);
  }

  public static Object hookOf(Object nativeDb) {
    return wantsConnections ? HOOK : null;
  }

  public static void running(Object nativeDb, Object statement) {
    EVENTS.add("running " + statement.getClass().getSimpleName());
  }

  public static void prepared(Object hook, Object sql, long stmt) {
    EVENTS.add(hook + " prepared " + text(sql) + " " + stmt);
  }

  public static void before(Object hook, long stmt) {
    EVENTS.add(hook + " before " + stmt);
  }

  public static void after(Object hook, long stmt, int rc) {
    EVENTS.add(hook + " after " + stmt + " " + rc);
  }

  public static void beforeCall(Object hook, Object what) {
    EVENTS.add(hook + " beforeCall " + text(what));
  }

  public static void afterCall(Object hook, Object what, int rc) {
    EVENTS.add(hook + " afterCall " + text(what) + " " + rc);
  }

  /** SQL and names come as a String or as UTF-8 bytes, which some drivers end with a zero. */
  private static String text(Object what) {
    return what instanceof byte[]
        ? new String((byte[]) what, StandardCharsets.UTF_8).replace("\0", "")
        : String.valueOf(what);
  }
}

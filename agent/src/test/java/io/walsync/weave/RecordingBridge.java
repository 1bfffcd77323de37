package io.walsync.weave;

import java.util.ArrayList;
import java.util.List;

/** Has the methods that woven code calls, and writes down each call. */
public final class RecordingBridge {

  static final Object HOOK = "hook";
  static final List<String> EVENTS = new ArrayList<>();
  static boolean wantsConnections;

  private RecordingBridge() {}

  static void reset(boolean wantsConnectionsNow) {
    EVENTS.clear();
    wantsConnections = wantsConnectionsNow;
  }

  public static void nativeCalled() {
    EVENTS.add("native");
  }

  public static Object opened(Object nativeDb, Object fileName) {
    EVENTS.add("opened " + fileName);
    return wantsConnections ? HOOK : null;
  }

  public static void prepared(Object hook, Object sql, long stmt) {
    EVENTS.add(hook + " prepared " + sql + " " + stmt);
  }

  public static void before(Object hook, long stmt) {
    EVENTS.add(hook + " before " + stmt);
  }

  public static void after(Object hook, long stmt, int rc) {
    EVENTS.add(hook + " after " + stmt + " " + rc);
  }

  public static void beforeCall(Object hook, Object what) {
    EVENTS.add(hook + " beforeCall " + what);
  }

  public static void afterCall(Object hook, Object what, int rc) {
    EVENTS.add(hook + " afterCall " + what + " " + rc);
  }
}

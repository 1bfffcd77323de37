package io.walsync.hook;

/**
 * A call that takes SQL as a whole, in which several statements may hide, or one of the named
 * natives: read once, at its beginning, and asked at both of its ends.
 *
 * <p>Threading: immutable.
 */
final class SqlCall {

  private final Object what;
  private final SqlKind kind;
  private final boolean mayAttach;
  private final boolean mayOpen;
  private final boolean isSingle;

  private SqlCall(Object what, SqlKind kind, boolean isSingle, boolean mayAttach, boolean mayOpen) {
    this.what = what;
    this.kind = kind;
    this.isSingle = isSingle;
    this.mayAttach = mayAttach;
    this.mayOpen = mayOpen;
  }

  /**
   * @param what what the bridge is told: SQL as text or UTF-8, or the native's name
   */
  static SqlCall of(Object what) {
    if ("restore".equals(what)) {
      return new SqlCall(what, SqlKind.EXCLUSIVE, false, false, true);
    } else if ("deserialize".equals(what)) {
      return new SqlCall(what, SqlKind.EXCLUSIVE, false, false, false);
    } else if ("backup".equals(what)) {
      return new SqlCall(what, SqlKind.WRITE, false, false, true);
    }
    byte[] sql = SqlScanner.utf8(what);
    if (SqlScanner.isSingle(sql)) {
      SqlKind kind = SqlScanner.of(sql);
      boolean isAttach = kind == SqlKind.ATTACH || kind == SqlKind.DETACH;
      return new SqlCall(what, kind, true, isAttach, isAttach);
    }
    String script = SqlScanner.lowerCase(sql);
    boolean mayAttach = script.contains("attach") || script.contains("detach");
    return new SqlCall(what, SqlScanner.ofScript(script), false, mayAttach, mayAttach);
  }

  /** Whether this is what it was made of. */
  boolean isOf(Object other) {
    return what == other;
  }

  SqlKind kind() {
    return kind;
  }

  /** Whether it is one statement, which does one thing. */
  boolean isSingle() {
    return isSingle;
  }

  /** Whether it may attach or detach a database. */
  boolean mayAttach() {
    return mayAttach;
  }

  /** Whether it may open another file. */
  boolean mayOpen() {
    return mayOpen;
  }
}

package io.walsync.sqlite;

/** Result codes of SQLite's functions, as far as they are used here. */
public final class ResultCode {

  public static final int OK = 0;
  public static final int ERROR = 1;
  public static final int BUSY = 5;
  public static final int LOCKED = 6;
  public static final int CONSTRAINT = 19;
  public static final int MISMATCH = 20;
  public static final int ROW = 100;
  public static final int DONE = 101;

  /** Mask for the primary code; the other bits of an extended code tell the details. */
  public static final int PRIMARY_MASK = 0xff;

  private ResultCode() {}
}

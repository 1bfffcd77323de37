package io.walsync.ltx;

/**
 * Page numbers: 1-based, unsigned 32-bit in SQLite's formats, at most 2^32 - 2; we carry them as
 * non-negative ints.
 */
public final class Pgno {

  /** Byte offset of SQLite's lock bytes; the page that holds it is never written by SQLite. */
  private static final long PENDING_BYTE = 0x40000000L;

  private Pgno() {}

  /**
   * The page that holds SQLite's lock bytes: never read, never encoded, zero in a restored file.
   *
   * @param pageSize bytes, a power of two, 512 to 65536
   */
  public static int lockPage(int pageSize) {
    return (int) (PENDING_BYTE / pageSize) + 1;
  }

  /** Byte offset of a page in the database file. */
  public static long offset(int pgno, int pageSize) {
    return (pgno - 1L) * pageSize;
  }

  /** Whether {@code pageSize} is one SQLite can have: a power of two from 512 to 65536. */
  public static boolean isPageSize(int pageSize) {
    return pageSize >= 512 && pageSize <= 65536 && (pageSize & (pageSize - 1)) == 0;
  }
}

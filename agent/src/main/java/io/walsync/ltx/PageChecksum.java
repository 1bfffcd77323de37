package io.walsync.ltx;

/**
 * Checksum of one page with its number. The checksum of a database is the xor of those of all its
 * pages but the lock page, with {@link Crc64#STORED_FLAG} set.
 */
public final class PageChecksum {

  private PageChecksum() {}

  /**
   * @param page holds the page at {@code offset}
   * @param length bytes, the page size
   */
  public static long of(int pgno, byte[] page, int offset, int length) {
    return Crc64.STORED_FLAG | Crc64.update(Crc64.updateInt(0, pgno), page, offset, length);
  }

  /**
   * Adds a page to the checksum of a database, or takes it out again.
   *
   * @param database the checksum so far; 0 to start
   */
  public static long toggle(long database, long page) {
    return Crc64.STORED_FLAG | (database ^ page);
  }
}

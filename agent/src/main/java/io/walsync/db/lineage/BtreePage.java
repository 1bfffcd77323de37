package io.walsync.db.lineage;

/** What can be told of a page of a database by its first bytes. */
final class BtreePage {

  private static final int INDEX_LEAF = 10;
  private static final int TABLE_LEAF = 13;
  private static final int CELL_COUNT_OFFSET = 3;

  /** The first page begins with the header of the database. */
  private static final int FIRST_PAGE_OFFSET = 100;

  private BtreePage() {}

  /**
   * Whether the page holds nothing: a leaf without a cell, or zeros. Every new table begins with
   * one.
   */
  static boolean isEmpty(int pgno, byte[] page, int offset) {
    int at = offset + (pgno == 1 ? FIRST_PAGE_OFFSET : 0);
    boolean isLeaf = page[at] == INDEX_LEAF || page[at] == TABLE_LEAF || page[at] == 0;
    return isLeaf && page[at + CELL_COUNT_OFFSET] == 0 && page[at + CELL_COUNT_OFFSET + 1] == 0;
  }
}

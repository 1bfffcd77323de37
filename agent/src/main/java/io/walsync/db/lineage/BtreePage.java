package io.walsync.db.lineage;

/** Reads what the first bytes of a database page tell. */
final class BtreePage {

  private static final int INDEX_LEAF = 10;
  private static final int TABLE_LEAF = 13;
  private static final int CELL_COUNT_OFFSET = 3;

  /** On the first page the header of the database comes before the page's own. */
  private static final int FIRST_PAGE_OFFSET = 100;

  private BtreePage() {}

  /**
   * Whether the page is empty: a leaf without a cell, or all zeros. Every new table begins with
   * such a page.
   */
  static boolean isEmpty(int pgno, byte[] page, int offset) {
    int at = offset + (pgno == 1 ? FIRST_PAGE_OFFSET : 0);
    boolean isLeaf = page[at] == INDEX_LEAF || page[at] == TABLE_LEAF || page[at] == 0;
    return isLeaf && page[at + CELL_COUNT_OFFSET] == 0 && page[at + CELL_COUNT_OFFSET + 1] == 0;
  }
}

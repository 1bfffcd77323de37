package io.walsync.db.tail;

import io.walsync.wal.WalPosition;

/**
 * Committed pages of a stretch of the WAL, each at its newest version. A view: valid until the tail
 * moves on.
 */
public final class WalBatch {

  private final PageOffsets pages;
  private final int commit;
  private final int leastCommit;
  private final WalPosition start;
  private final WalPosition end;

  WalBatch(PageOffsets pages, int commit, int leastCommit, WalPosition start, WalPosition end) {
    this.pages = pages;
    this.commit = commit;
    this.leastCommit = leastCommit;
    this.start = start;
    this.end = end;
  }

  public PageOffsets pages() {
    return pages;
  }

  /** Size of the database after the last commit, in pages. */
  public int commit() {
    return commit;
  }

  /** The least size of the database, in pages, after any of its commits. */
  public int leastCommit() {
    return leastCommit;
  }

  public WalPosition start() {
    return start;
  }

  public WalPosition end() {
    return end;
  }
}

package io.walsync.db.tail;

import io.walsync.wal.WalPosition;

/**
 * What has been committed since somebody last took it: the newest version of each page between two
 * positions of a WAL.
 *
 * <p>Threading: one thread at a time.
 */
final class OpenBatch {

  private PageOffsets pages = new PageOffsets();
  private WalPosition start;
  private WalPosition end;

  /** The size of the database after the last commit. */
  private int commit;

  /** The least size of the database after any. */
  private int leastCommit = Integer.MAX_VALUE;

  /** Begins anew, with nothing in it. */
  void moveTo(WalPosition position) {
    end = position;
    taken();
  }

  void add(WalFrames.Commits commits) {
    pages.putAll(commits.pages());
    commit = commits.lastPageCount();
    leastCommit = Math.min(leastCommit, commits.leastPageCount());
    end = commits.end();
  }

  /** It is safe elsewhere; the next one begins where it ended. */
  void taken() {
    pages.clear();
    leastCommit = Integer.MAX_VALUE;
    start = end;
  }

  /** As {@link #taken}; its pages are the caller's from now on. */
  PageOffsets takePages() {
    PageOffsets taken = pages;
    pages = new PageOffsets();
    taken();
    return taken;
  }

  boolean isEmpty() {
    return pages.size() == 0;
  }

  /** Where its last commit ends; null before the first frame. */
  WalPosition end() {
    return end;
  }

  WalBatch toBatch() {
    return new WalBatch(pages, commit, leastCommit, start, end);
  }
}

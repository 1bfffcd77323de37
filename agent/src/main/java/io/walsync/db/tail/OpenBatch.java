package io.walsync.db.tail;

import io.walsync.wal.WalPosition;
import org.jspecify.annotations.Nullable;

/**
 * The commits since the last {@link #taken}: the newest version of each page between two positions
 * of a WAL.
 *
 * <p>Threading: one thread at a time.
 */
final class OpenBatch {

  private PageOffsets pages = new PageOffsets();

  /** Null before the first frame, as its end. */
  private @Nullable WalPosition start;

  private @Nullable WalPosition end;

  /** The size of the database after the last commit. */
  private int commit;

  /** The least size of the database, in pages, after any of the commits. */
  private int leastCommit = Integer.MAX_VALUE;

  /** Begins an empty batch at a position. */
  void moveTo(@Nullable WalPosition position) {
    end = position;
    taken();
  }

  void add(WalFrames.Commits commits) {
    pages.putAll(commits.pages());
    commit = commits.lastPageCount();
    leastCommit = Math.min(leastCommit, commits.leastPageCount());
    end = commits.end();
  }

  /** Ends the batch because its pages are safe elsewhere. The next one begins where it ends. */
  void taken() {
    pages.clear();
    leastCommit = Integer.MAX_VALUE;
    start = end;
  }

  /** As {@link #taken}; the caller owns the returned pages. */
  PageOffsets takePages() {
    PageOffsets taken = pages;
    pages = new PageOffsets();
    taken();
    return taken;
  }

  boolean isEmpty() {
    return pages.size() == 0;
  }

  /** The position after its last commit; null before the first frame. */
  @Nullable WalPosition end() {
    return end;
  }

  /** As it is now; for one that is not empty. */
  WalBatch toBatch() {
    WalPosition from = start;
    WalPosition to = end;
    assert from != null && to != null : "a batch without a frame";
    return new WalBatch(pages, commit, leastCommit, from, to);
  }
}

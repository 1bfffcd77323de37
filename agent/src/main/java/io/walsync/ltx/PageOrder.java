package io.walsync.ltx;

/**
 * The rules on which pages an LTX file holds: ascending, none beyond the commit, never the lock
 * page, and in a snapshot every other page.
 */
final class PageOrder {

  private final int commit;
  private final int lockPage;
  private final boolean isSnapshot;
  private int last;

  PageOrder(LtxHeader header) {
    commit = header.commit();
    lockPage = Pgno.lockPage(header.pageSize());
    isSnapshot = header.isSnapshot();
  }

  /** The page added last; 0 if there is none yet. */
  int last() {
    return last;
  }

  /**
   * @throws LtxFormatException if a file with this header cannot have the page next
   */
  void add(int pgno) throws LtxFormatException {
    if (pgno <= last) {
      throw new LtxFormatException(
          "page " + (pgno & 0xffffffffL) + " after page " + last + ": pages must ascend");
    }
    if (pgno > commit) {
      throw new LtxFormatException("page " + pgno + " is beyond the commit of " + commit);
    }
    if (pgno == lockPage) {
      throw new LtxFormatException("page " + pgno + " is the lock page");
    }
    if (isSnapshot && pgno != following()) {
      throw new LtxFormatException("snapshot lacks page " + following());
    }
    last = pgno;
  }

  /**
   * @throws LtxFormatException if a file with this header cannot end here
   */
  void end() throws LtxFormatException {
    if (isSnapshot && following() <= commit) {
      throw new LtxFormatException("snapshot ends at page " + last + " instead of " + commit);
    }
  }

  private int following() {
    return last + 1 == lockPage ? last + 2 : last + 1;
  }
}

package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.db.tail.PageOffsets;
import java.io.IOException;

/**
 * What the files of a replica have changed after some TXID: the pages in them, each as it was
 * before. A database that comes from these files has what they changed, or has changed it since.
 *
 * <p>Threading: as {@link History}.
 */
final class Changes {

  /** What of the changes is in a database, in pages; those that hold nothing tell nothing. */
  static final class Trace {
    /** As the files left them. */
    int found;

    /** As they were before. */
    int asBefore;

    /** Something else. */
    int other;

    /** Whether everything that was changed is there. */
    boolean isWhole() {
      return found > 0 && asBefore == 0 && other == 0;
    }
  }

  /** 12 MB at most; what these pages do not tell, more would not either. */
  private static final int MAX_PAGES = 1 << 18;

  private static final long NOT_CHANGED = -1;

  private final long sinceTxid;
  private final PageOffsets before = new PageOffsets();

  /**
   * @param sinceTxid only what comes after it counts
   */
  Changes(long sinceTxid) {
    this.sinceTxid = sinceTxid;
  }

  long sinceTxid() {
    return sinceTxid;
  }

  /** Whether a file that comes after the TXID holds a page. */
  boolean has(int pgno) {
    return before.get(pgno) != NOT_CHANGED;
  }

  /** A file that comes after the TXID holds this page. */
  void add(int pgno, PageChecksums statesBefore) throws IOException {
    if (before.size() < MAX_PAGES && before.get(pgno) == NOT_CHANGED) {
      before.put(pgno, statesBefore.get(pgno));
    }
  }

  /**
   * Looks for the changes in a database.
   *
   * @param replica the newest state
   * @param commit size of that in pages
   * @param former what a folder knew of the state at the TXID, or null: merged files may hide it
   */
  Trace in(Baseline baseline, PageChecksums replica, int commit, FormerTable former)
      throws IOException {
    Trace trace = new Trace();
    long[] now = new long[Baseline.CHUNK];
    long[] then = new long[Baseline.CHUNK];
    baseline.forEach(
        baseline.newest(),
        (first, checksums, isEmpty, count) -> {
          replica.read(first, now, count);
          if (former != null) {
            former.read(first, then, count);
          }
          for (int i = 0; i < count && first + i <= commit; i++) {
            long was = then[i] == PageChecksums.NONE ? before.get(first + i) : then[i];
            if (was != NOT_CHANGED && was != now[i]) {
              trace.found += checksums[i] == now[i] && !isEmpty.get(i) ? 1 : 0;
              trace.asBefore += checksums[i] == was ? 1 : 0;
              trace.other += checksums[i] != now[i] && checksums[i] != was ? 1 : 0;
            }
          }
        });
    for (int pgno : before.sortedPgnos(commit)) {
      trace.other += pgno > baseline.commit(baseline.newest()) ? 1 : 0;
    }
    return trace;
  }
}

package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.db.tail.PageOffsets;
import io.walsync.ltx.LtxHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a replica have changed after some TXID: the pages in them, when each was
 * changed last, and as what it stood there before. A database that comes from these files has what
 * they changed, or has changed it since; one that comes from any state before has not.
 *
 * <p>Threading: as {@link History}.
 */
final class Changes {

  /** What of the changes is in a database, in pages; those that hold nothing tell nothing. */
  static final class Trace {
    /** As the newest files left them. */
    int found;

    /** As they were at some time before. */
    int asBefore;

    /** Something else. */
    int other;

    private boolean isAnyThere;

    /** Whether everything that was changed is there. */
    boolean isWhole() {
      return isAnyThere && asBefore == 0 && other == 0;
    }
  }

  /** 12 MB at most, and 8 for what stood there; older changes are forgotten for newer. */
  private static final int MAX_PAGES = 1 << 18;

  /** What is known of the database; nothing before it is of interest. */
  private final long knownTxid;

  private long sinceTxid;
  private long newestSinceTxid;
  private long txid;
  private int largestCommit;
  private PageOffsets changedAt = new PageOffsets();
  private TxidsByChecksum replaced = new TxidsByChecksum();

  /**
   * @param knownTxid only what comes after it counts; 0 if all does that the files tell
   */
  Changes(long knownTxid) {
    this.knownTxid = knownTxid;
  }

  /** A file begins. */
  void begin(LtxHeader header) {
    long before = header.minTxid().value() - 1;
    // What a snapshot has changed is not in it, unless there is nothing else.
    if (header.isSnapshot() || sinceTxid < knownTxid || sinceTxid == 0) {
      forgetUpTo(before);
    }
    txid = header.maxTxid().value();
    newestSinceTxid = before;
    largestCommit = Math.max(largestCommit, header.commit());
  }

  private void forgetUpTo(long before) {
    changedAt = new PageOffsets();
    replaced = new TxidsByChecksum();
    sinceTxid = before;
    largestCommit = 0;
  }

  /** The TXID after which what was changed is known. */
  long sinceTxid() {
    return sinceTxid;
  }

  /**
   * What comes after it is new to a database that is known to be older, or to any but the newest.
   */
  long newSinceTxid() {
    return knownTxid > 0 ? sinceTxid : newestSinceTxid;
  }

  /** When a page was changed last; 0 if not. */
  long changedAt(int pgno) {
    return Math.max(0, changedAt.get(pgno));
  }

  /** The file that began holds this page. */
  void add(int pgno, long checksum, PageChecksums statesBefore) throws IOException {
    long was = statesBefore.get(pgno);
    if (was == checksum) {
      return;
    }
    if (changedAt.size() >= MAX_PAGES && changedAt(pgno) == 0) {
      forgetOlderHalf();
    }
    if (changedAt.size() < MAX_PAGES) {
      changedAt.put(pgno, txid);
    }
    if (replaced.size() < MAX_PAGES) {
      replaced.put(was, txid);
    }
  }

  private void forgetOlderHalf() {
    int[] pgnos = changedAt.sortedPgnos(Integer.MAX_VALUE);
    long median = latest(pgnos, pgnos.length / 2);
    PageOffsets kept = new PageOffsets();
    for (int pgno : pgnos) {
      if (changedAt(pgno) > median) {
        kept.put(pgno, changedAt(pgno));
      }
    }
    if (kept.size() > 0) {
      changedAt = kept;
      sinceTxid = Math.max(sinceTxid, median);
    }
  }

  /** When the page with so many later ones was changed. */
  private long latest(int[] pgnos, int rank) {
    long[] times = new long[pgnos.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = changedAt(pgnos[i]);
    }
    Arrays.sort(times);
    return times[times.length - 1 - rank];
  }

  /** The TXID after which no more than so many pages were changed; that of the newest at most. */
  long sinceTxid(int maxPages) {
    int[] pgnos = changedAt.sortedPgnos(Integer.MAX_VALUE);
    long since = pgnos.length <= maxPages ? sinceTxid : latest(pgnos, maxPages);
    return Math.min(since, newestSinceTxid);
  }

  /**
   * The pages in which it shows what was changed after a TXID, those of which the rows were deleted
   * with them included.
   *
   * @param commit size of the newest state in pages
   * @param maxPages of more, some are left out
   */
  BitSet pages(long since, FreeList free, int commit, int maxPages) {
    BitSet found = free.pages(pgno -> changedAt(pgno) > since);
    for (int pgno : changedAt.sortedPgnos(Integer.MAX_VALUE)) {
      if (changedAt(pgno) > since) {
        found.set(pgno);
      }
    }
    if (commit < largestCommit) {
      found.set(commit + 1, Math.min(largestCommit, commit + maxPages) + 1);
    }
    int step = 1 + (found.cardinality() - 1) / maxPages;
    for (int pgno = found.nextSetBit(0), i = 0; pgno >= 0; pgno = found.nextSetBit(pgno + 1), i++) {
      found.set(pgno, i % step == 0);
    }
    found.set(1);
    return found;
  }

  /**
   * Looks for the changes in a database.
   *
   * @param replica the newest state
   * @param commit size of that in pages
   * @param former what a folder knew of the state at the TXID, or null: merged files may hide it
   */
  Trace in(Baseline baseline, PageChecksums replica, int commit, @Nullable FormerTable former)
      throws IOException {
    Trace trace = new Trace();
    long newSince = newSinceTxid();
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
            long at = changedAt(first + i);
            boolean isFormer = then[i] != PageChecksums.NONE && then[i] != now[i];
            if (at == 0 && !isFormer) {
              continue;
            }
            boolean isThere = checksums[i] == now[i];
            boolean isBefore = !isThere && (checksums[i] == then[i] || wasThere(checksums[i]));
            trace.isAnyThere |= isThere && !isEmpty.get(i);
            trace.found += isThere && !isEmpty.get(i) && (isFormer || at > newSince) ? 1 : 0;
            trace.asBefore += isBefore ? 1 : 0;
            trace.other += isThere || isBefore ? 0 : 1;
          }
        });
    for (int pgno : changedAt.sortedPgnos(commit)) {
      trace.other += pgno > baseline.commit(baseline.newest()) ? 1 : 0;
    }
    return trace;
  }

  private boolean wasThere(long checksum) {
    return replaced.get(checksum) != 0;
  }
}

package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.StateLog;
import io.walsync.ltx.LtxHeader;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The states that a replica went through, as its files tell: the checksum of the whole database
 * after each, and which stretch of the WAL the newest came from.
 */
final class History {

  /**
   * Where in a WAL a file's frames stood.
   *
   * @see LtxHeader#walOffset
   */
  static final class Stretch {
    final long txid;
    final int salt1;
    final int salt2;
    final long start;
    final long end;

    /** Whether the WAL of the database has these frames, and not others in their place. */
    boolean isPresent;

    Stretch(LtxHeader header) {
      txid = header.maxTxid().value();
      salt1 = header.walSalt1();
      salt2 = header.walSalt2();
      start = header.walOffset();
      end = header.walOffset() + header.walSize();
    }

    boolean hasSaltsOf(Stretch other) {
      return salt1 == other.salt1 && salt2 == other.salt2;
    }

    boolean isIn(WalPosition position) {
      return salt1 == position.salt1() && salt2 == position.salt2();
    }

    /** Files that were made of a database without a WAL, or of other files, say nothing. */
    boolean isKnown() {
      return start >= WalPosition.FIRST_FRAME && (salt1 != 0 || salt2 != 0);
    }
  }

  /** Pages of a file that are compared with the frames of a WAL. */
  private static final int MAX_NEWEST_PAGES = 8192;

  /**
   * So often a WAL may have begun anew since; another database's is taken for it once in 400,000.
   */
  private static final int MAX_LATER_RUNS = 10_000;

  private final TxidsByChecksum txids = new TxidsByChecksum();

  /** Of the newest run of the WAL and of the one before it, oldest first. */
  private final Deque<Stretch> stretches = new ArrayDeque<>();

  /** Whether every state that the replica can still give is known. */
  private final boolean isWhole;

  /** What the database was; null if nothing is known of it. */
  private final @Nullable Baseline baseline;

  private @Nullable Stretch newestRun;
  private @Nullable Stretch formerRun;
  private long firstOfNewestRun;
  private int[] newestPgnos = {};
  private long[] newestChecksums = {};
  private int newestPageCount;
  private long newestTxid;
  private long newestChecksum;
  private int newestCommit;
  private int changeCounter;

  /** Of every file read so far. */
  private final PageChecksums table;

  private final Changes changes;
  private final FreeList free = new FreeList();

  /**
   * @param table brought from state to state as the files are read
   * @param knownTxid what was changed after it is noted
   */
  History(boolean isWhole, @Nullable Baseline baseline, PageChecksums table, long knownTxid) {
    this.isWhole = isWhole;
    this.baseline = baseline;
    this.table = table;
    this.changes = new Changes(knownTxid);
  }

  /** A file begins. */
  void begin(LtxHeader header) {
    newestPageCount = 0;
    changes.begin(header);
  }

  /** The file that began holds this page, which the table does not have yet. */
  void page(int pgno, long checksum, byte[] page) throws IOException {
    if (pgno == 1) {
      changeCounter = FilePages.changeCounter(page, 0);
    }
    free.add(pgno, page);
    changes.add(pgno, checksum, table);
    if (newestPageCount == MAX_NEWEST_PAGES) {
      return;
    }
    if (newestPgnos.length == 0) {
      newestPgnos = new int[MAX_NEWEST_PAGES];
      newestChecksums = new long[MAX_NEWEST_PAGES];
    }
    newestPgnos[newestPageCount] = pgno;
    newestChecksums[newestPageCount++] = checksum;
  }

  /** The file that began has been read: it led to a state of this checksum. */
  void add(LtxHeader header, long checksum) {
    newestTxid = header.maxTxid().value();
    newestCommit = header.commit();
    newestChecksum = checksum;
    txids.put(checksum, newestTxid);
    Stretch stretch = new Stretch(header);
    if (!stretch.isKnown()) {
      return;
    }
    if (newestRun == null || !newestRun.hasSaltsOf(stretch)) {
      formerRun = newestRun;
      newestRun = stretch;
      firstOfNewestRun = header.minTxid().value();
      dropOtherRuns(stretch);
    }
    stretch.isPresent = isPresent(stretch);
    stretches.add(stretch);
  }

  /**
   * After a power cut others may have been written where frames were lost, under the same salts.
   */
  private boolean isPresent(Stretch stretch) {
    WalPosition end = baselineEnd();
    return baseline != null
        && end != null
        && stretch.isIn(end)
        && stretch.start < stretch.end
        && stretch.end <= end.offset()
        && baseline.isStretch(stretch.start, stretch.end, this::isOfNewest);
  }

  /** Null if nothing is known of the database, or it had no WAL. */
  private @Nullable WalPosition baselineEnd() {
    return baseline == null ? null : baseline.position(baseline.newest());
  }

  private void dropOtherRuns(Stretch newest) {
    Iterator<Stretch> each = stretches.iterator();
    while (each.hasNext()) {
      Stretch stretch = each.next();
      if (!stretch.hasSaltsOf(newest) && (formerRun == null || !stretch.hasSaltsOf(formerRun))) {
        each.remove();
      }
    }
  }

  /** A state is known by other means. */
  void remember(long checksum, long txid) {
    if (txids.get(checksum) == 0) {
      txids.put(checksum, txid);
    }
  }

  /** Notes for later which states there were. */
  void saveTo(StateLog states) throws IOException {
    long[] checksums = new long[txids.size()];
    long[] found = new long[txids.size()];
    txids.copyTo(checksums, found);
    // What is older than the oldest file, nobody can restore.
    states.begin(isWhole ? 1 : newestTxid, newestTxid, found, checksums);
  }

  /** The newest TXID at which the database had this checksum, 0 if it never had. */
  long txidOf(long checksum) {
    return txids.get(checksum);
  }

  long newestTxid() {
    return newestTxid;
  }

  long newestChecksum() {
    return newestChecksum;
  }

  /** See {@link Baseline#changeCounter}, of the newest state. */
  int changeCounter() {
    return changeCounter;
  }

  /** What the newest state does not use. */
  FreeList free() {
    return free;
  }

  /** What was changed after the TXID that was asked for. */
  Changes changes() {
    return changes;
  }

  /** Whether what stands in the WAL of a database includes the newest file. */
  boolean isNewestPresent() {
    Stretch newest = stretches.peekLast();
    return newest != null && newest.txid == newestTxid && newest.isPresent;
  }

  /**
   * Whether a database's WAL is a later run of the very WAL that the newest file came from: SQLite
   * counts the first salt up each time it begins one anew, and rolls the dice only for a new WAL.
   */
  boolean isNewestBefore() {
    WalPosition end = baselineEnd();
    Stretch newest = stretches.peekLast();
    if (newest == null || newest.txid != newestTxid || end == null) {
      return false;
    }
    int laterRuns = end.salt1() - newest.salt1;
    return laterRuns > 0 && laterRuns <= MAX_LATER_RUNS;
  }

  /** Where in its WAL the newest file ended. */
  long newestEnd() {
    return stretches.getLast().end;
  }

  private boolean isOfNewest(int pgno, long checksum) {
    int at = Arrays.binarySearch(newestPgnos, 0, newestPageCount, pgno);
    if (at >= 0) {
      return newestChecksums[at] == checksum;
    }
    return pgno > newestCommit || newestPageCount == MAX_NEWEST_PAGES;
  }

  /**
   * How far a database got that ends in the WAL before the newest state does: the newest TXID that
   * it has whole. SQLite writes frames in order, so what follows is not in it.
   *
   * @return 0 if its WAL does not say that it is behind
   */
  long txidBehind() {
    WalPosition end = baselineEnd();
    if (end == null || newestRun == null) {
      return 0;
    }
    if (newestRun.isIn(end)) {
      return stretches.peekLast().isPresent ? 0 : newestPresent(firstOfNewestRun - 1);
    }
    return formerRun != null && formerRun.isIn(end) ? newestPresent(0) : 0;
  }

  private long newestPresent(long atLeast) {
    long newest = atLeast;
    for (Stretch stretch : stretches) {
      if (stretch.isPresent) {
        newest = Math.max(newest, stretch.txid);
      }
    }
    return newest;
  }

  /**
   * Whether a power cut can have left a database at a TXID: SQLite flushes the WAL before each
   * checkpoint, so no more is lost than what was written since the WAL was last restarted, its
   * first frames included.
   */
  boolean isLossOfPowerCut(long txid) {
    return newestRun != null && txid >= firstOfNewestRun - 1;
  }
}

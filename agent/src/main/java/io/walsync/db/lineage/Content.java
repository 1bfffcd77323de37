package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.files.DatabaseFile;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a replica after some TXID have brought into the database, and what they have
 * taken out of it, row by row: where pages have been written again, this still tells whether a
 * database comes from them. What is not there, the database may have lost since or never had: only
 * one that has all of it loses nothing by going on.
 *
 * <p>Threading: made by one thread, then read by one.
 */
final class Content {

  /** 8 MB of pages are looked at row by row, those that were changed last. */
  private static final int MAX_BYTES = 8 << 20;

  /** 24 MB or so; more is not looked at. */
  private static final int MAX_PIECES = 1 << 18;

  /** 512 MB of a database, at 4 KB a page, are read to find it. */
  private static final int MAX_PAGES_READ = 1 << 17;

  private final BitSet wanted;
  private final BitSet free;
  private final long sinceTxid;
  private final long newSinceTxid;

  /** For each piece that a state had, the TXID that brought it; 0 if it was there before. */
  private final Map<Long, Long> births = new HashMap<>();

  /** Pieces that mean nothing where they are seen again. */
  private final Set<Long> fragments = new HashSet<>();

  private final Map<Integer, long[]> latest = new HashMap<>();
  private int pieceCount;
  private boolean isAfter;
  private boolean isTelling;
  private boolean hasPointerMap;

  /**
   * @param commit size of the newest state in pages
   */
  Content(Changes changes, FreeList free, int commit, int pageSize) {
    int maxPages = MAX_BYTES / pageSize;
    this.sinceTxid = changes.sinceTxid(maxPages);
    this.newSinceTxid = changes.newSinceTxid();
    this.wanted = changes.pages(sinceTxid, free, commit, maxPages);
    this.free = free.pages();
    this.isTelling = free.isKnown();
  }

  /** The TXID after which what was changed is looked at. */
  long sinceTxid() {
    return sinceTxid;
  }

  /** A file begins. */
  void begin(LtxHeader header) {
    if (!isAfter && header.minTxid().value() > sinceTxid) {
      isAfter = true;
      for (long[] pieces : latest.values()) {
        bear(pieces, 0);
      }
    }
  }

  /** The file that began holds this page. */
  void add(LtxHeader header, int pgno, byte[] page) {
    if (pgno == 1) {
      hasPointerMap = Cells.hasPointerMap(page);
    }
    if (!isTelling || !wanted.get(pgno)) {
      return;
    }
    long[] pieces = piecesOf(pgno, page);
    long[] former = latest.put(pgno, pieces);
    pieceCount += pieces.length - (former == null ? 0 : former.length);
    if (isAfter) {
      bear(pieces, header.maxTxid().value());
    }
    if (Math.max(pieceCount, births.size() + fragments.size()) > MAX_PIECES) {
      isTelling = false;
      latest.clear();
      births.clear();
      fragments.clear();
    }
  }

  private long[] piecesOf(int pgno, byte[] page) {
    Pieces pieces = new Pieces();
    if (!hasPointerMap || !Cells.isPointerMap(pgno, page.length)) {
      Cells.of(
          pgno,
          page,
          (piece, isWhole) -> {
            pieces.add(piece);
            if (!isWhole) {
              fragments.add(piece);
            }
          });
    }
    return pieces.all();
  }

  private void bear(long[] pieces, long txid) {
    for (long piece : pieces) {
      births.putIfAbsent(piece, txid);
    }
  }

  /** A file has been read: the database has no page beyond its end. */
  void end(LtxHeader header) {
    latest.keySet().removeIf(pgno -> pgno > header.commit());
  }

  /** What of it is in a database. */
  static final class Trace {
    /** All that was brought is there, and nothing that was taken. */
    final boolean isWhole;

    /** Nothing is there that the newest files brought, or something that was taken. */
    final boolean isMissing;

    /** More than half of what the newest files brought is there. */
    final boolean isMostlyThere;

    private Trace(boolean isWhole, boolean isMissing, boolean isMostlyThere) {
      this.isWhole = isWhole;
      this.isMissing = isMissing;
      this.isMostlyThere = isMostlyThere;
    }

    /** Of a database that was not looked at row by row. */
    static Trace none() {
      return new Trace(false, true, false);
    }
  }

  /**
   * Looks for it in a database file, without its WAL. Where nothing was brought, nothing shows.
   *
   * @param replica checksums of the newest state
   */
  Trace in(Baseline baseline, DatabaseFile file, PageChecksums replica) throws IOException {
    Difference changed = new Difference();
    if (!isTelling) {
      return Trace.none();
    }
    boolean isAnyBrought = !changed.brought.isEmpty();
    int newCount = changed.newCount();
    Search search = new Search(baseline, file, changed);
    long[] known = new long[Baseline.CHUNK];
    baseline.forEach(
        Baseline.FILE_ALONE,
        (first, checksums, isEmpty, count) -> {
          replica.read(first, known, count);
          for (int i = 0; i < count; i++) {
            int pgno = first + i;
            boolean isSame = checksums[i] == known[i];
            if (!isSame || free.get(pgno) && wanted.get(pgno)) {
              search.read(pgno, checksums[i]);
            } else {
              search.found(latest.get(pgno));
            }
          }
        });
    int foundCount = newCount - changed.newCount();
    boolean isAllThere = search.isReadable && !search.isTakenThere && changed.brought.isEmpty();
    boolean isMissing = foundCount == 0 && (newCount > 0 || search.isTakenThere);
    return new Trace(isAnyBrought && isAllThere, isMissing, 2 * foundCount > newCount);
  }

  /** What was brought and is still there, and what is not any more. */
  private final class Difference {
    final Set<Long> brought = new HashSet<>();
    final Set<Long> taken = new HashSet<>();

    Difference() {
      Set<Long> now = new HashSet<>();
      for (Map.Entry<Integer, long[]> page : latest.entrySet()) {
        for (long piece : free.get(page.getKey()) ? new long[0] : page.getValue()) {
          now.add(piece);
        }
      }
      for (Map.Entry<Long, Long> piece : births.entrySet()) {
        if (!now.contains(piece.getKey())) {
          taken.add(piece.getKey());
        } else if (piece.getValue() > 0) {
          brought.add(piece.getKey());
        }
      }
      taken.removeAll(fragments);
    }

    /** Those that the newest files brought. */
    int newCount() {
      int count = 0;
      for (Long piece : brought) {
        count += births.getOrDefault(piece, 0L) > newSinceTxid ? 1 : 0;
      }
      return count;
    }
  }

  /** Reads the pages of a file that are not the replica's. */
  private static final class Search {
    private final DatabaseFile file;
    private final Set<Long> brought;
    private final Set<Long> taken;
    private final byte[] page;
    private final BitSet unused;
    private final boolean isMapped;
    private int readCount;
    private boolean isReadable = true;
    private boolean isTakenThere;

    Search(Baseline baseline, DatabaseFile file, Difference changed) throws IOException {
      this.file = file;
      this.brought = changed.brought;
      this.taken = changed.taken;
      this.page = new byte[baseline.pageSize()];
      file.readPage(1, page);
      this.isMapped = Cells.hasPointerMap(page);
      FreeList list = FreeList.of(page.clone(), this::pageOf);
      this.unused = list.pages();
    }

    private byte[] pageOf(int pgno) throws IOException {
      file.readPage(pgno, page);
      return page;
    }

    void found(long @Nullable [] pieces) {
      for (long piece : pieces == null ? new long[0] : pieces) {
        brought.remove(piece);
      }
    }

    /**
     * @param checksum of the page when the database was first looked at
     */
    void read(int pgno, long checksum) throws IOException {
      if (!isReadable || checksum == PageChecksums.NONE) {
        return;
      }
      file.readPage(pgno, page);
      readCount++;
      isReadable =
          readCount <= MAX_PAGES_READ && PageChecksum.of(pgno, page, 0, page.length) == checksum;
      if (isMapped && Cells.isPointerMap(pgno, page.length)) {
        return;
      }
      Cells.of(
          pgno,
          page,
          (piece, isWhole) -> {
            // What SQLite has left on a page that it does not use shows where that came from.
            brought.remove(piece);
            isTakenThere |= !unused.get(pgno) && taken.contains(piece);
          });
    }
  }
}

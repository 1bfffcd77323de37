package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.files.DatabaseFile;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the files of a replica after some TXID have brought into the database, and what they have
 * taken out of it, row by row: where every page has been written again, this still tells whether a
 * database comes from them.
 *
 * <p>Threading: made by one thread, then read by one.
 */
final class Content {

  /** 16 MB or so; a larger change is not looked at row by row. */
  private static final int MAX_PIECES = 1 << 18;

  /** 64 MB of a database, at 4 KB a page, are read to find it. */
  private static final int MAX_PAGES_READ = 1 << 14;

  private final Changes changes;
  private final Map<Integer, Set<Long>> then = new HashMap<>();
  private final Map<Integer, Set<Long>> now = new HashMap<>();
  private int pieceCount;

  Content(Changes changes) {
    this.changes = changes;
  }

  /** A file holds this page; those before it come first. */
  void add(LtxHeader header, int pgno, byte[] page) {
    if (!changes.has(pgno) || pieceCount > MAX_PIECES) {
      return;
    }
    Set<Long> pieces = new HashSet<>();
    Cells.of(pgno, page, pieces::add);
    pieceCount += pieces.size();
    Map<Integer, Set<Long>> pages = header.minTxid().value() > changes.sinceTxid() ? now : then;
    Set<Long> former = pages.put(pgno, pieces);
    pieceCount -= former == null ? 0 : former.size();
  }

  /** Whether all of it was looked at, and anything was changed. */
  boolean isTelling() {
    return pieceCount <= MAX_PIECES && !all(now).equals(all(then));
  }

  /** A file has been read: the database has no page beyond its end. */
  void end(LtxHeader header) {
    now.keySet().removeIf(pgno -> pgno > header.commit());
    if (header.minTxid().value() <= changes.sinceTxid()) {
      then.keySet().removeIf(pgno -> pgno > header.commit());
    }
  }

  /**
   * Whether a database file, without its WAL, has all that was brought and nothing that was taken.
   *
   * @param replica checksums of the newest state
   */
  boolean isIn(Baseline baseline, DatabaseFile file, PageChecksums replica) throws IOException {
    Set<Long> brought = all(now);
    Set<Long> taken = all(then);
    brought.removeAll(all(then));
    taken.removeAll(all(now));
    if (pieceCount > MAX_PIECES || brought.isEmpty() && taken.isEmpty()) {
      return false;
    }
    Search search = new Search(baseline, file, brought, taken);
    long[] known = new long[Baseline.CHUNK];
    baseline.forEach(
        Baseline.FILE_ALONE,
        (first, checksums, isEmpty, count) -> {
          replica.read(first, known, count);
          for (int i = 0; i < count; i++) {
            if (checksums[i] != known[i]) {
              search.read(first + i, checksums[i]);
            } else if (now.containsKey(first + i)) {
              brought.removeAll(now.get(first + i));
            }
          }
        });
    return search.isReadable && !search.isTakenThere && brought.isEmpty();
  }

  private static Set<Long> all(Map<Integer, Set<Long>> pages) {
    Set<Long> pieces = new HashSet<>();
    pages.values().forEach(pieces::addAll);
    return pieces;
  }

  /** Reads the pages of a file that are not the replica's. */
  private static final class Search {
    private final DatabaseFile file;
    private final Set<Long> brought;
    private final Set<Long> taken;
    private final byte[] page;
    private int readCount;
    private boolean isReadable = true;
    private boolean isTakenThere;

    Search(Baseline baseline, DatabaseFile file, Set<Long> brought, Set<Long> taken) {
      this.file = file;
      this.brought = brought;
      this.taken = taken;
      this.page = new byte[baseline.pageSize()];
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
      Cells.of(
          pgno,
          page,
          piece -> {
            brought.remove(piece);
            isTakenThere |= taken.contains(piece);
          });
    }
  }
}

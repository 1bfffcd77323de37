package io.walsync.db.lineage;

import io.walsync.files.DatabaseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether a database has anything to do with a replica: by the rows that both hold, wherever they
 * stand. Two databases of one application have the same tables and count alike, so these show
 * nothing; only where the replica holds no row at all are they asked.
 *
 * <p>Of a large replica a sample of the rows is kept, 5 MB or so.
 *
 * <p>Threading: made by one thread, then read by one.
 */
final class Relation {

  /** Pieces in the sample; above, half of them are dropped. */
  private static final int MAX_SAMPLE = 1 << 16;

  /** One row in so many must be the replica's. */
  private static final long LEAST_SHARE = 10;

  /** SQLite counts a change for each connection that commits at least; more, and it is another. */
  private static final int MAX_LATER_CHANGES = 1000;

  /** 512 MB of a database, at 4 KB a page, are read. */
  private static final int MAX_PAGES_READ = 1 << 17;

  private static final int SCHEMA_COOKIE_OFFSET = 40;

  private final Map<Integer, long[]> sample = new HashMap<>();
  private long[] firstPieces = {};
  private byte[] firstPage = {};
  private int sampleSize;
  private long mask;

  /** The first page of a file. */
  void first(byte[] page) {
    firstPage = page.clone();
  }

  /** What stands on a page of the replica; the newest version comes last. */
  void add(int pgno, long[] pieces) {
    if (pgno == 1) {
      firstPieces = pieces;
      return;
    }
    put(pgno, pieces);
    while (sampleSize > MAX_SAMPLE) {
      mask = 2 * mask + 1;
      Map<Integer, long[]> all = new HashMap<>(sample);
      sample.clear();
      sampleSize = 0;
      all.forEach(this::put);
    }
  }

  private void put(int pgno, long[] pieces) {
    Pieces kept = new Pieces();
    for (long piece : pieces) {
      if ((piece & mask) == 0) {
        kept.add(piece);
      }
    }
    remove(sample.put(pgno, kept.all()));
    sampleSize += kept.all().length;
  }

  private void remove(long[] former) {
    sampleSize -= former == null ? 0 : former.length;
  }

  /** The replica's newest state has so many pages. */
  void end(int commit) {
    for (Integer pgno : sample.keySet().toArray(new Integer[0])) {
      if (pgno > commit) {
        remove(sample.remove(pgno));
      }
    }
  }

  /** Whether anything shows that a database file comes from any state of the replica. */
  boolean isShown(Baseline baseline, DatabaseFile file) throws IOException {
    return sampleSize == 0 ? isCountedOn(baseline, file) : isRowShared(baseline, file);
  }

  private boolean isRowShared(Baseline baseline, DatabaseFile file) throws IOException {
    Set<Long> missing = new HashSet<>();
    for (long[] pieces : sample.values()) {
      for (long piece : pieces) {
        missing.add(piece);
      }
    }
    int count = missing.size();
    byte[] page = new byte[baseline.pageSize()];
    int last = Math.min(baseline.commit(Baseline.FILE_ALONE), MAX_PAGES_READ);
    for (int pgno = 2; pgno <= last; pgno++) {
      file.readPage(pgno, page);
      Cells.of(pgno, page, (piece, isWhole) -> missing.remove(piece));
    }
    int found = count - missing.size();
    return found > 0 && found * LEAST_SHARE >= count;
  }

  /** SQLite goes on counting, and the tables stay. */
  private boolean isCountedOn(Baseline baseline, DatabaseFile file) throws IOException {
    byte[] page = new byte[baseline.pageSize()];
    file.readPage(1, page);
    if (firstPage.length != page.length) {
      return false;
    }
    Set<Long> missing = new HashSet<>();
    for (long piece : firstPieces) {
      missing.add(piece);
    }
    int count = missing.size();
    Cells.of(1, page, (piece, isWhole) -> missing.remove(piece));
    int later = baseline.changeCounter() - FilePages.changeCounter(firstPage, 0);
    return 2 * missing.size() <= count
        && later >= 0
        && later <= MAX_LATER_CHANGES
        && cookie(page) - cookie(firstPage) >= 0;
  }

  private static int cookie(byte[] firstPage) {
    return ByteBuffer.wrap(firstPage).getInt(SCHEMA_COOKIE_OFFSET);
  }
}

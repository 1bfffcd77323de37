package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import io.walsync.files.DatabaseFile;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageList;
import io.walsync.ltx.Pgno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * What stood in the pages of a database file, whatever its WAL held: the checksum of each, and
 * which were empty.
 *
 * <p>Threading: made by the database's thread; afterwards read by one thread at a time.
 */
final class FilePages {

  /** Entries read and written together: 64 KB of table. */
  private static final int CHUNK = 8192;

  private static final int PAGE_COUNT_OFFSET = 28;
  private static final int CHANGE_COUNTER_OFFSET = 24;
  private static final int VALID_FOR_OFFSET = 92;

  private final PageChecksums table;
  private final int pageSize;
  private final int lockPage;
  private final byte[] firstPage;
  private final BitSet empty = new BitSet();
  private int pageCount;
  private int commit;

  /**
   * @param table of its own, for as long as this is used
   */
  FilePages(PageChecksums table, int pageSize) {
    this.table = table;
    this.pageSize = pageSize;
    this.lockPage = Pgno.lockPage(pageSize);
    this.firstPage = new byte[pageSize];
  }

  void readFrom(DatabaseFile file) throws IOException {
    table.truncate(0);
    file.readPage(1, firstPage);
    pageCount = (int) ((file.sizeBytes() + pageSize - 1) / pageSize);
    byte[] page = new byte[pageSize];
    PageList pages = new PageList();
    for (int pgno = 1; pgno <= pageCount; pgno++) {
      if (pgno == lockPage) {
        continue;
      }
      file.readPage(pgno, page);
      if (BtreePage.isEmpty(pgno, page, 0)) {
        empty.set(pgno);
      }
      pages.add(pgno, PageChecksum.of(pgno, page, 0, pageSize));
      if (pages.size() == CHUNK) {
        table.set(pages);
        pages.clear();
      }
    }
    table.set(pages);
    commit = pageCountInHeader();
  }

  private int pageCountInHeader() {
    ByteBuffer head = ByteBuffer.wrap(firstPage);
    boolean isValid =
        head.getInt(CHANGE_COUNTER_OFFSET) == head.getInt(VALID_FOR_OFFSET)
            && head.getInt(PAGE_COUNT_OFFSET) > 0;
    return isValid ? head.getInt(PAGE_COUNT_OFFSET) : pageCount;
  }

  /** Size of the database in pages, without its WAL. */
  int commit() {
    return commit;
  }

  /** How often the first page was changed, as SQLite counts it. */
  int changeCounter() {
    return changeCounter(firstPage, 0);
  }

  /** As {@link #changeCounter()}, in a first page that stands somewhere. */
  static int changeCounter(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).getInt(offset + CHANGE_COUNTER_OFFSET);
  }

  /** The checksum of a page; pages beyond the end of the file read as zeros. */
  long checksum(int pgno) throws IOException {
    return checksum(pgno, table.get(pgno));
  }

  /**
   * As {@link #checksum(int)}.
   *
   * @param entry what {@link #read} says
   */
  long checksum(int pgno, long entry) {
    if (pgno <= pageCount || pgno == lockPage) {
      return entry;
    }
    return PageChecksum.of(pgno, new byte[pageSize], 0, pageSize);
  }

  /** What the table says of {@code count} pages from {@code first} on. */
  void read(int first, long[] entries, int count) throws IOException {
    table.read(first, entries, count);
  }

  /** The exclusive or of the pages' checksums, from 1 to {@code last}. */
  long checksumTo(int last) throws IOException {
    long folded = 0;
    long[] entries = new long[CHUNK];
    for (int from = 1; from <= last; from += CHUNK) {
      int count = Math.min(CHUNK, last - from + 1);
      read(from, entries, count);
      for (int i = 0; i < count; i++) {
        folded ^= checksum(from + i, entries[i]);
      }
    }
    return folded;
  }

  /** Whether a page holds nothing. */
  boolean isEmpty(int pgno) {
    return pgno > pageCount || empty.get(pgno);
  }

  /** Whether no table has been written into the file yet. */
  boolean areNew() {
    return commit <= 1 && BtreePage.isEmpty(1, firstPage, 0);
  }

  /** Gives its table back. */
  void close() throws IOException {
    table.close();
  }
}

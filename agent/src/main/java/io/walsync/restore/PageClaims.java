package io.walsync.restore;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Pgno;
import io.walsync.replica.LtxFileInfo;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides from which file a page is written: from the newest that holds it, unless a newer file
 * truncated the database below it. Files are begun newest first, and their pages are claimed in the
 * same order. Memory: one bit a page, in pieces that are allocated at their first page, since a
 * header may claim more pages than there are.
 *
 * <p>Threading: one thread at a time.
 */
final class PageClaims {

  /** A piece has 2^16 pages, in 8 KiB. */
  private static final int PIECE_BITS = 16;

  private final Map<Integer, BitSet> claimed = new HashMap<>();

  @SuppressWarnings("NullAway.Init") // there once the first file began
  private LtxHeader newest;

  @SuppressWarnings("NullAway.Init") // there once the first file began
  private LtxFileInfo newestFile;

  private int lockPage;

  /** Pages beyond this were truncated by a file newer than the current one. */
  private int surviving = Integer.MAX_VALUE;

  private int currentCommit = Integer.MAX_VALUE;

  /**
   * Begins the next older file.
   *
   * @param planBytes size of all files together, which bounds how many pages there can be
   */
  void begin(LtxFileInfo file, LtxHeader header, long planBytes) throws DamagedFileException {
    if (!header.minTxid().equals(file.minTxid()) || !header.maxTxid().equals(file.maxTxid())) {
      throw new DamagedFileException(
          file,
          "its header says "
              + header.minTxid()
              + "-"
              + header.maxTxid()
              + ": it was written under another name",
          null);
    }
    if (newest == null) {
      newest = header;
      newestFile = file;
      lockPage = Pgno.lockPage(header.pageSize());
      checkSize(file, header, planBytes);
    } else if (header.pageSize() != newest.pageSize()) {
      throw new DamagedFileException(
          file,
          "its pages have "
              + header.pageSize()
              + " bytes, but those of "
              + newestFile
              + " have "
              + newest.pageSize(),
          null);
    }
    surviving = Math.min(surviving, currentCommit);
    currentCommit = header.commit();
  }

  /**
   * LZ4 compresses a page to 1/255 of its size at best, so a larger database cannot be in so few
   * bytes.
   */
  private static void checkSize(LtxFileInfo file, LtxHeader header, long planBytes)
      throws DamagedFileException {
    long leastBytes = (long) header.commit() * (header.pageSize() / 256 + 8);
    if (leastBytes > planBytes) {
      throw new DamagedFileException(
          file,
          "its header says " + header.commit() + " pages, more than the files can hold",
          null);
    }
  }

  /** Header of the newest file, once it began. */
  LtxHeader newest() {
    return newest;
  }

  /** Claims the page for the current file. False if a newer file has it or has truncated it. */
  boolean claim(int pgno) {
    if (pgno > surviving) {
      return false;
    }
    BitSet piece =
        claimed.computeIfAbsent(pgno >> PIECE_BITS, number -> new BitSet(1 << PIECE_BITS));
    int bit = pgno & (1 << PIECE_BITS) - 1;
    boolean isFirst = !piece.get(bit);
    piece.set(bit);
    return isFirst;
  }

  /** The first page from {@code from} on that no file has claimed. */
  private long firstMissing(long from) {
    long pgno = from;
    for (BitSet piece = claimed.get((int) (pgno >> PIECE_BITS));
        piece != null;
        piece = claimed.get((int) (pgno >> PIECE_BITS))) {
      long first = pgno >> PIECE_BITS << PIECE_BITS;
      int clear = piece.nextClearBit((int) (pgno - first));
      pgno = first + clear;
      if (clear < 1 << PIECE_BITS) {
        break;
      }
    }
    return pgno;
  }

  /**
   * @throws DamagedFileException if a page of the database came from no file
   */
  void checkComplete() throws DamagedFileException {
    int commit = newest.commit();
    long missing = firstMissing(1);
    if (missing == lockPage) {
      missing = firstMissing(lockPage + 1L);
    }
    if (missing <= commit) {
      throw new DamagedFileException(
          newestFile,
          "the database has "
              + commit
              + " pages, but page "
              + missing
              + " is in no file: a file"
              + " that made the database grow does not hold what it added",
          null);
    }
  }
}

package io.walsync.db.compare;

import io.walsync.db.staging.LtxFileWriter;
import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.DatabaseImage;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Pgno;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;

/**
 * Writes LTX files from a whole database rather than from its WAL: a snapshot of every page, or the
 * pages that differ from what the checksum table says the replica has. The pin must stand until it
 * returns.
 */
final class ImageWriter {

  /** Entries of the table that are read at once: 64 KB. */
  private static final int TABLE_CHUNK = 8192;

  /** The free space of the disk is checked each time this many more pages differ. */
  private static final int PAGES_PER_LOOK = 256;

  private final DatabaseImage image;
  private final Staging staging;
  private final PageEncoding encoding;

  ImageWriter(DatabaseImage image, Staging staging, PageEncoding encoding) {
    this.image = image;
    this.staging = staging;
    this.encoding = encoding;
  }

  /**
   * Writes every page and records their checksums.
   *
   * @return CRC-32 of the file
   */
  long writeSnapshot(File target, Txid maxTxid, long timestampMillis) throws IOException {
    staging.requireRoom((long) image.commit() * image.pageSize());
    LtxHeader header = header(Txid.FIRST, maxTxid, timestampMillis);
    byte[] page = new byte[image.pageSize()];
    int lockPage = Pgno.lockPage(image.pageSize());
    try (LtxFileWriter writer = staging.writer(target, header, encoding, true)) {
      for (int pgno = 1; pgno <= image.commit(); pgno++) {
        if (pgno != lockPage) {
          image.readPage(pgno, page);
          writer.writePage(pgno, page);
        }
      }
      image.allRead();
      writer.finish();
      writer.record(staging.checksums(), image.commit());
      return writer.crc();
    }
  }

  /**
   * Writes the pages that differ from the table, if any page or the size does, and records them.
   *
   * @param knownCommit database size in pages that the table describes
   * @return how many pages differ, or -1 if nothing does and no file was written
   */
  int writeDifference(File target, Txid txid, long timestampMillis, int knownCommit)
      throws IOException {
    PageChecksums table = staging.checksums();
    LtxHeader header = header(txid, txid, timestampMillis);
    try (LtxFileWriter writer = staging.writer(target, header, encoding, true)) {
      compare(
          table,
          (pgno, page, checksum) -> {
            if (writer.pageCount() % PAGES_PER_LOOK == 0) {
              staging.requireRoom((long) PAGES_PER_LOOK * image.pageSize());
            }
            writer.writePage(pgno, page, checksum);
          });
      if (writer.pageCount() == 0 && knownCommit == image.commit()) {
        image.allRead();
        return -1;
      }
      image.allRead();
      writer.finish();
      writer.record(table, image.commit());
      return writer.pageCount();
    }
  }

  /** Receives pages that differ and, if wanted, those that do not. */
  interface Difference {
    void found(int pgno, byte[] page, long checksum) throws IOException;

    default void same(int pgno, byte[] page) {}
  }

  /** Reads every page and reports whether its checksum is the table's. */
  void compare(PageChecksums table, Difference difference) throws IOException {
    byte[] page = new byte[image.pageSize()];
    long[] known = new long[Math.min(TABLE_CHUNK, image.commit())];
    int lockPage = Pgno.lockPage(image.pageSize());
    for (int first = 1; first <= image.commit(); first += TABLE_CHUNK) {
      int count = Math.min(TABLE_CHUNK, image.commit() - first + 1);
      table.read(first, known, count);
      for (int i = 0; i < count; i++) {
        int pgno = first + i;
        if (pgno == lockPage) {
          continue;
        }
        image.readPage(pgno, page);
        long checksum = PageChecksum.of(pgno, page, 0, page.length);
        if (checksum != known[i]) {
          difference.found(pgno, page, checksum);
        } else {
          difference.same(pgno, page);
        }
      }
    }
  }

  private LtxHeader header(Txid min, Txid max, long timestampMillis) {
    LtxHeader.Builder header =
        LtxHeader.builder()
            .pageSize(image.pageSize())
            .commit(image.commit())
            .minTxid(min)
            .maxTxid(max)
            .timestampMillis(timestampMillis)
            // A Litestream that takes over begins to read the WAL here.
            .walOffset(io.walsync.wal.WalPosition.FIRST_FRAME);
    if (image.end() != null) {
      header.walOffset(image.end().offset()).walSalts(image.end().salt1(), image.end().salt2());
    }
    return header.build();
  }
}

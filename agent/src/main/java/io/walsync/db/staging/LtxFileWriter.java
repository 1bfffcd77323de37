package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.PageList;
import io.walsync.ltx.Pgno;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * Writes one staged LTX file under a temporary name and remembers each page's checksum. {@link
 * #finish()} gives it its name; {@link #close()} without it leaves nothing behind.
 */
public final class LtxFileWriter implements Closeable {

  private final Disk disk;
  private final File target;
  private final File temp;
  private final FileOutputStream file;
  private final CRC32 crc = new CRC32();
  private final LtxEncoder encoder;
  private final int pageSize;
  private final PageList pages = new PageList();
  private boolean isFinished;

  /**
   * @param isCompressing false makes larger files faster; readers accept both
   */
  public LtxFileWriter(
      Disk disk, File target, LtxHeader header, PageEncoding encoding, boolean isCompressing)
      throws IOException {
    this.disk = disk;
    this.target = target;
    this.temp = new File(target.getPath() + AtomicFile.TEMP_SUFFIX);
    this.pageSize = header.pageSize();
    this.file = disk.create(temp);
    // The encoder writes large pieces; a buffer below it would only copy them.
    this.encoder = new LtxEncoder(new CheckedOutputStream(file, crc), header, encoding);
    encoder.setCompressing(isCompressing);
  }

  /** Appends a page; page numbers ascend, the lock page is never among them. */
  public void writePage(int pgno, byte[] page) throws IOException {
    writePage(pgno, page, PageChecksum.of(pgno, page, 0, pageSize));
  }

  /** Appends a page whose checksum is known already. */
  public void writePage(int pgno, byte[] page, long checksum) throws IOException {
    encoder.writePage(pgno, page, 0);
    pages.add(pgno, checksum);
  }

  public int pageCount() {
    return pages.size();
  }

  /** Completes the file under its final name. */
  public void finish() throws IOException {
    encoder.finish();
    file.close();
    disk.rename(temp, target);
    isFinished = true;
  }

  /** CRC-32 of the finished file; it is compared before the upload. */
  public long crc() {
    return crc.getValue();
  }

  /** Brings the checksum table to the state after this file. */
  public void record(PageChecksums table, int commit) throws IOException {
    table.set(pages);
    table.truncate(commit);
  }

  /** The pages that belong in a file of this kind are 1 to commit without the lock page. */
  public static boolean isStored(int pgno, int pageSize) {
    return pgno != Pgno.lockPage(pageSize);
  }

  @Override
  public void close() throws IOException {
    if (!isFinished) {
      try {
        file.close();
      } finally {
        disk.delete(temp);
      }
    }
  }
}

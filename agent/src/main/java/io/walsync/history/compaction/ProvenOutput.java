package io.walsync.history.compaction;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxScanner;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageFrame;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Reads an LTX file as a restore would while it is written, before it is passed on: every page is
 * decoded again, so that what is proved are the bytes that go out.
 *
 * <p>Threading: one thread.
 */
final class ProvenOutput extends FilterOutputStream {

  private static final int FIRST_BYTES = 256 * 1024;

  private final LtxScanner scanner = new LtxScanner();
  private byte[] pending = new byte[FIRST_BYTES];
  private byte[] page = new byte[0];
  private int count;
  private long pagesCrc;
  private long pagesSize;
  private long checksum = Crc64.STORED_FLAG;
  private long pageCount;

  ProvenOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (pending.length - count < length) {
      pending = Arrays.copyOf(pending, Math.max(2 * pending.length, count + length));
    }
    System.arraycopy(bytes, offset, pending, count, length);
    count += length;
    int done = 0;
    for (int size = next(done); size != LtxScanner.NEEDS_MORE; size = next(done)) {
      if (scanner.pgno() != 0) {
        take(done, size);
      }
      done += size;
    }
    count -= done;
    System.arraycopy(pending, done, pending, 0, count);
    out.write(bytes, offset, length);
  }

  private int next(int from) throws IOException {
    return scanner.isComplete() && from == count
        ? LtxScanner.NEEDS_MORE
        : scanner.next(pending, from, count);
  }

  private void take(int from, int size) throws IOException {
    int pageSize = scanner.header().pageSize();
    if (page.length != pageSize) {
      page = new byte[pageSize];
    }
    PageFrame.decode(pending, from, size, page, 0, pageSize);
    pagesCrc = PageFrame.checksum(pagesCrc, pending, from, page, 0, pageSize);
    pagesSize += PageFrame.checksummedSize(pending, from, pageSize);
    checksum = PageChecksum.toggle(checksum, PageChecksum.of(scanner.pgno(), page, 0, pageSize));
    pageCount++;
  }

  /**
   * Proves the file, once all of it was written.
   *
   * @return the checksum of all its pages, as LTX defines that of a database
   * @throws io.walsync.ltx.LtxFormatException if it is not whole
   */
  long prove() throws IOException {
    scanner.verify(pagesCrc, pagesSize, checksum);
    return checksum;
  }

  long pageCount() {
    return pageCount;
  }
}

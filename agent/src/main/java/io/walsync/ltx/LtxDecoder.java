package io.walsync.ltx;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads one LTX file from front to back and proves it: page order, LZ4, page index, and at the end
 * the file checksum and, for a snapshot that carries one, the checksum of the database. Until
 * {@link #nextPage} has returned 0, nothing that was read is proved.
 *
 * <p>Memory is constant: a buffer of a few pages. Threading: one thread at a time.
 */
public final class LtxDecoder {

  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int INDEX_SIZE_BYTES = 8;

  private final InputStream in;
  private final String name;
  private final LtxHeader header;
  private final int pageSize;
  private final PageOrder order;
  private final PageIndexDigest index = new PageIndexDigest();
  private byte[] buffer = new byte[LtxHeader.SIZE];
  private int position;
  private int limit;

  /** Where in the file {@code buffer[0]} is. */
  private long bufferOffset;

  private long crc;
  private long databaseChecksum = Crc64.STORED_FLAG;
  private LtxTrailer trailer;

  /**
   * Reads the header. The stream is not closed here nor at the end.
   *
   * @throws LtxFormatException if it is not one
   */
  public LtxDecoder(InputStream in) throws IOException {
    this(in, "LTX file");
  }

  /**
   * @param name of the file, for messages
   */
  public LtxDecoder(InputStream in, String name) throws IOException {
    this.in = in;
    this.name = name;
    try {
      need(LtxHeader.SIZE, "header");
      header = LtxHeader.decode(buffer);
    } catch (LtxFormatException e) {
      throw damaged(e);
    }
    crc = Crc64.update(0, buffer, 0, LtxHeader.SIZE);
    pageSize = header.pageSize();
    order = new PageOrder(header);
    bufferOffset = LtxHeader.SIZE;
    position = 0;
    limit = 0;
    buffer = new byte[Math.max(BUFFER_BYTES, 2 * PageFrame.maxSize(pageSize))];
  }

  public LtxHeader header() {
    return header;
  }

  /** The trailer, once {@link #nextPage} has returned 0; null before. */
  public LtxTrailer trailer() {
    return trailer;
  }

  /**
   * Reads the next page.
   *
   * @param page receives it; at least a page long
   * @return its number, or 0 at the end of a file that proved valid
   * @throws LtxFormatException if the file is damaged or ends too early
   */
  public int nextPage(byte[] page) throws IOException {
    if (trailer != null) {
      return 0;
    }
    need(PageFrame.HEADER_SIZE, "page header");
    int pgno = PageFrame.pgno(buffer, position);
    try {
      if (PageFrame.isEndMarker(buffer, position)) {
        order.end();
        checksum(PageFrame.HEADER_SIZE);
        readTail();
        return 0;
      }
      order.add(pgno);
      readFrame(pgno, page);
      return pgno;
    } catch (LtxFormatException e) {
      throw damaged(e);
    }
  }

  private LtxFormatException damaged(LtxFormatException e) {
    return new LtxFormatException(
        name + " is damaged at byte " + (bufferOffset + position) + ": " + e.getMessage());
  }

  private void readFrame(int pgno, byte[] page) throws IOException {
    int length = PageFrame.length(buffer, position, limit, pageSize);
    while (length == PageFrame.NEEDS_MORE) {
      need(limit - position + 1, "page frame");
      length = PageFrame.length(buffer, position, limit, pageSize);
    }
    PageFrame.decode(buffer, position, length, page, 0, pageSize);
    crc = PageFrame.checksum(crc, buffer, position, page, 0, pageSize);
    index.add(pgno, length);
    if (header.isTracked() && header.isSnapshot()) {
      databaseChecksum =
          PageChecksum.toggle(databaseChecksum, PageChecksum.of(pgno, page, 0, pageSize));
    }
    position += length;
  }

  private void readTail() throws IOException {
    readIndex();
    need(INDEX_SIZE_BYTES, "index size");
    long size = Bytes.getLong(buffer, position);
    if (size != index.size()) {
      throw new LtxFormatException("index size is " + size + " instead of " + index.size());
    }
    checksum(INDEX_SIZE_BYTES);
    need(LtxTrailer.SIZE, "trailer");
    LtxTrailer read =
        new LtxTrailer(Bytes.getLong(buffer, position), Bytes.getLong(buffer, position + 8));
    checksum(8);
    position += 8;
    read.check(header, crc, databaseChecksum);
    if (position < limit || fill()) {
      throw new LtxFormatException("bytes after the trailer");
    }
    trailer = read;
  }

  private void readIndex() throws IOException {
    long read = 0;
    long indexCrc = 0;
    while (read < index.size()) {
      need(1, "page index");
      int count = (int) Math.min(limit - position, index.size() - read);
      indexCrc = Crc64.update(indexCrc, buffer, position, count);
      checksum(count);
      read += count;
    }
    if (indexCrc != index.crc()) {
      throw new LtxFormatException("page index does not match the pages");
    }
  }

  /** Consumes bytes that the file checksum covers as they stand. */
  private void checksum(int count) {
    crc = Crc64.update(crc, buffer, position, count);
    position += count;
  }

  /** Makes sure that {@code count} bytes are in the buffer. */
  private void need(int count, String what) throws IOException {
    while (limit - position < count) {
      if (!fill()) {
        throw new LtxFormatException(
            "the file ends at byte " + (bufferOffset + limit) + ", inside the " + what);
      }
    }
  }

  private boolean fill() throws IOException {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      bufferOffset += position;
      limit -= position;
      position = 0;
    }
    assert limit < buffer.length;
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count < 0) {
      return false;
    }
    limit += count;
    return true;
  }
}

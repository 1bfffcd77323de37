package io.walsync.ltx;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one LTX file from front to back and proves it: page order, LZ4, page index, and at the end
 * the file checksum and, for a snapshot that carries one, the checksum of the database. Until
 * {@link #nextPage} has returned 0, nothing that was read is proved.
 *
 * <p>Memory is constant: a buffer of a few pages. Threading: one thread at a time.
 */
public final class LtxDecoder {

  /** Receives the pages of a file. */
  public interface Pages {
    /**
     * @param page content; the array is reused for the next page
     */
    void take(int pgno, byte[] page) throws IOException;
  }

  private static final int BUFFER_BYTES = 32 * 1024;

  private final InputStream in;
  private final String name;
  private final LtxScanner scanner = new LtxScanner();
  private final LtxHeader header;
  private final int pageSize;
  private byte[] buffer = new byte[LtxHeader.SIZE];
  private int position;
  private int limit;

  /** Byte of the file where the part begins that is being read. */
  private long partOffset;

  private long pagesCrc;
  private long pagesSize;
  private long databaseChecksum = Crc64.STORED_FLAG;
  private @Nullable LtxTrailer trailer;

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
      position += nextPart();
    } catch (LtxFormatException e) {
      throw damaged(e);
    }
    header = scanner.header();
    pageSize = header.pageSize();
    position = 0;
    limit = 0;
    buffer = new byte[bufferBytes(pageSize)];
  }

  /** What a decoder keeps in memory of a file with such pages, but for some objects. */
  public static int bufferBytes(int pageSize) {
    return Math.max(BUFFER_BYTES, 2 * PageFrame.maxSize(pageSize));
  }

  public LtxHeader header() {
    return header;
  }

  /** The trailer, once {@link #nextPage} has returned 0; null before. */
  public @Nullable LtxTrailer trailer() {
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
    try {
      while (!scanner.isComplete()) {
        int size = nextPart();
        if (scanner.pgno() != 0) {
          readPage(page, size);
          position += size;
          return scanner.pgno();
        }
        position += size;
      }
      if (position < limit || fill()) {
        throw new LtxFormatException("bytes after the trailer");
      }
      trailer = scanner.verify(pagesCrc, pagesSize, databaseChecksum);
      return 0;
    } catch (LtxFormatException e) {
      throw damaged(e);
    }
  }

  /**
   * Reads every page that has not been read yet. What was read is proved once this returns.
   *
   * @throws LtxFormatException if the file is damaged or ends too early
   */
  public void readAll(Pages pages) throws IOException {
    byte[] page = new byte[pageSize];
    for (int pgno = nextPage(page); pgno != 0; pgno = nextPage(page)) {
      pages.take(pgno, page);
    }
  }

  private LtxFormatException damaged(LtxFormatException e) {
    return new LtxFormatException(
        name + " is damaged at byte " + partOffset + ": " + e.getMessage());
  }

  private int nextPart() throws IOException {
    partOffset = scanner.offset();
    int size = scanner.next(buffer, position, limit);
    while (size == LtxScanner.NEEDS_MORE) {
      if (!fill()) {
        throw new LtxFormatException(
            "the file ends " + (limit - position) + " bytes later, in the " + scanner.expected());
      }
      size = scanner.next(buffer, position, limit);
    }
    return size;
  }

  private void readPage(byte[] page, int size) throws LtxFormatException {
    PageFrame.decode(buffer, position, size, page, 0, pageSize);
    pagesCrc = PageFrame.checksum(pagesCrc, buffer, position, page, 0, pageSize);
    pagesSize += PageFrame.checksummedSize(buffer, position, pageSize);
    if (header.isTracked() && header.isSnapshot()) {
      databaseChecksum =
          PageChecksum.toggle(databaseChecksum, PageChecksum.of(scanner.pgno(), page, 0, pageSize));
    }
  }

  private boolean fill() throws IOException {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
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

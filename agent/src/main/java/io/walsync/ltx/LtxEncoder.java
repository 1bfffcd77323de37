package io.walsync.ltx;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one LTX file without database checksums: pages in ascending order, then {@link #finish}.
 * Memory does not depend on the number of pages but for about two bytes each, for the page index.
 *
 * <p>Threading: one thread at a time.
 */
public final class LtxEncoder {

  /** The stream is written in pieces of at least this size. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** What a frame that cannot be compressed is longer than its page, and some more. */
  private static final int FRAME_OVERHEAD_BYTES = 64;

  private final OutputStream out;
  private final PageEncoding encoding;
  private final int pageSize;
  private final PageOrder order;
  private final FrameLog frames;
  private final Lz4Compressor compressor;
  private final byte[] buffer;
  private @Nullable Workspace workspace;
  private int buffered;
  private long flushedBytes;
  private long crc;
  private boolean isCompressing = true;
  private boolean isFinished;

  /**
   * Begins a file with its header. The stream is never closed here.
   *
   * @param header with {@link LtxHeader#FLAG_NO_CHECKSUM}, and a commit above 0
   * @throws IllegalArgumentException if the header asks for database checksums or for a deletion:
   *     Litestream restores neither
   */
  public LtxEncoder(OutputStream out, LtxHeader header, PageEncoding encoding) {
    this(out, header, encoding, null);
  }

  /**
   * As the other constructor, with memory that does not depend on the number of pages at all.
   *
   * @param spill used by nobody else; null to remember the pages in memory
   */
  public LtxEncoder(
      OutputStream out, LtxHeader header, PageEncoding encoding, @Nullable LtxSpill spill) {
    if (header.isTracked()) {
      throw new IllegalArgumentException("LTX files are written without database checksums");
    }
    if (header.commit() == 0) {
      throw new IllegalArgumentException("LTX files that delete a database are not written");
    }
    this.out = out;
    this.encoding = encoding;
    frames = new FrameLog(spill);
    pageSize = header.pageSize();
    order = new PageOrder(header);
    workspace = Workspace.take(BUFFER_BYTES + PageFrame.maxSize(pageSize));
    compressor = workspace.compressor;
    buffer = workspace.buffer;
    append(header.encode());
  }

  /**
   * How long a file can get at most that holds all pages of a database.
   *
   * @param commit number of pages
   */
  public static long mostBytes(int pageSize, int commit) {
    long each = (long) pageSize + FRAME_OVERHEAD_BYTES + PageIndexEntry.MAX_SIZE;
    long rest = LtxHeader.SIZE + PageFrame.HEADER_SIZE + 1L + Long.BYTES + LtxTrailer.SIZE;
    return Integer.toUnsignedLong(commit) * each + rest;
  }

  /**
   * Whether pages are compressed, which they are unless this turns it off. Pages written as they
   * are cost no time and every reader accepts them.
   */
  public void setCompressing(boolean isCompressing) {
    this.isCompressing = isCompressing;
  }

  /**
   * Writes one page.
   *
   * @param pgno above the last one, at most the commit, never the lock page; in a snapshot the next
   * @param source holds the page at {@code offset}
   * @throws LtxFormatException if the file cannot have this page next
   */
  public void writePage(int pgno, byte[] source, int offset) throws IOException {
    checkOpen();
    order.add(pgno);
    int size =
        PageFrame.encode(
            pgno,
            encoding,
            isCompressing ? compressor : null,
            source,
            offset,
            pageSize,
            buffer,
            buffered);
    crc = PageFrame.checksum(crc, buffer, buffered, source, offset, pageSize);
    frames.add(pgno, size);
    buffered += size;
    flushIfFull();
  }

  /** Bytes of the file so far. */
  public long bytesWritten() {
    return flushedBytes + buffered;
  }

  /**
   * Writes index and trailer and flushes the stream.
   *
   * @throws LtxFormatException if the file is a snapshot that lacks pages
   */
  public LtxTrailer finish() throws IOException {
    checkOpen();
    order.end();
    isFinished = true;
    append(new byte[PageFrame.HEADER_SIZE]);
    writeIndex();
    appendLong(0);
    LtxTrailer trailer = new LtxTrailer(0, Crc64.STORED_FLAG | crc);
    appendLong(trailer.fileChecksum());
    flush();
    out.flush();
    assert workspace != null : "finished once";
    workspace.giveBack();
    workspace = null;
    return trailer;
  }

  private void writeIndex() throws IOException {
    long indexStart = bytesWritten();
    long frameOffset = LtxHeader.SIZE;
    FrameLog.Reader reader = frames.reader();
    while (reader.next()) {
      int start = buffered;
      buffered = PageIndexEntry.put(buffer, start, reader.pgno(), frameOffset, reader.frameSize());
      crc = Crc64.update(crc, buffer, start, buffered - start);
      frameOffset += reader.frameSize();
      flushIfFull();
    }
    append(new byte[1]);
    appendLong(bytesWritten() - indexStart);
  }

  private void checkOpen() {
    if (isFinished) {
      throw new IllegalStateException("LTX file is already finished");
    }
  }

  private void append(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, buffered, bytes.length);
    crc = Crc64.update(crc, buffer, buffered, bytes.length);
    buffered += bytes.length;
  }

  private void appendLong(long value) {
    byte[] bytes = new byte[8];
    Bytes.putLong(bytes, 0, value);
    append(bytes);
  }

  private void flushIfFull() throws IOException {
    if (buffered >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.write(buffer, 0, buffered);
    flushedBytes += buffered;
    buffered = 0;
  }

  /**
   * The 90 KB that an encoder works in. To allocate them for each commit would make the host's heap
   * grow with garbage, so each thread keeps one for the next encoder. An encoder that fails does
   * not return its own, and the next allocates another.
   */
  private static final class Workspace {

    private static final ThreadLocal<Workspace> SPARE = new ThreadLocal<>();

    private final Lz4Compressor compressor = new Lz4Compressor();
    private final byte[] buffer;

    private Workspace(int bufferBytes) {
      this.buffer = new byte[bufferBytes];
    }

    static Workspace take(int bufferBytes) {
      Workspace spare = SPARE.get();
      if (spare == null || spare.buffer.length < bufferBytes) {
        return new Workspace(bufferBytes);
      }
      SPARE.remove();
      return spare;
    }

    void giveBack() {
      SPARE.set(this);
    }
  }
}

package io.walsync.ltx;

/**
 * Finds the parts of one LTX file as its bytes come in, without decoding pages, so that pages can
 * be decoded elsewhere and in any order. Checks everything but the pages themselves: header, page
 * order, page index; and when the caller has decoded all pages, {@link #verify} proves the file.
 *
 * <p>States: header, pages, index, footer, complete. Memory is constant. Threading: one thread at a
 * time.
 */
public final class LtxScanner {

  /** Returned by {@link #next} if the bytes end before the next part does. */
  public static final int NEEDS_MORE = PageFrame.NEEDS_MORE;

  private static final int INDEX_SIZE_BYTES = 8;
  private static final int FOOTER_SIZE = INDEX_SIZE_BYTES + LtxTrailer.SIZE;

  /** Size without the file checksum, which does not cover itself. */
  private static final int CHECKSUMMED_FOOTER_SIZE = FOOTER_SIZE - 8;

  private enum State {
    HEADER("header"),
    PAGES("pages"),
    INDEX("page index"),
    FOOTER("trailer"),
    COMPLETE("end");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  private final PageIndexDigest index = new PageIndexDigest();
  private State state = State.HEADER;

  @SuppressWarnings("NullAway.Init") // there from its state on
  private LtxHeader header;

  @SuppressWarnings("NullAway.Init") // there from its state on
  private LtxTrailer trailer;

  @SuppressWarnings("NullAway.Init") // there from its state on
  private PageOrder order;

  private int pgno;
  private long offset;
  private long headCrc;
  private long indexRead;
  private long indexCrc;

  /** CRC and size of everything after the pages, up to the file checksum. */
  private long tailCrc;

  private long tailSize;

  /** The header, once the first call of {@link #next} has found it; null before. */
  public LtxHeader header() {
    return header;
  }

  /** The page in the part that {@link #next} found last, or 0 if that was no page frame. */
  public int pgno() {
    return pgno;
  }

  /** Byte of the file where the next part begins. */
  public long offset() {
    return offset;
  }

  /** Whether the trailer has been found. */
  public boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** What comes next, in words. */
  public String expected() {
    return state.text;
  }

  /**
   * Finds the next part: the header, one page frame, or some of what follows the pages. The part
   * begins at {@code from}, and the next call is for the byte after it.
   *
   * @param limit the end of the bytes there are
   * @return the size of the part, or {@link #NEEDS_MORE}
   * @throws LtxFormatException if the bytes are no such part, or follow a complete file
   */
  public int next(byte[] bytes, int from, int limit) throws LtxFormatException {
    pgno = 0;
    int size;
    switch (state) {
      case HEADER:
        size = header(bytes, from, limit);
        break;
      case PAGES:
        size = page(bytes, from, limit);
        break;
      case INDEX:
        size = index(bytes, from, limit);
        break;
      case FOOTER:
        size = footer(bytes, from, limit);
        break;
      default:
        throw new LtxFormatException("bytes after the trailer");
    }
    if (size != NEEDS_MORE) {
      offset += size;
    }
    return size;
  }

  private int header(byte[] bytes, int from, int limit) throws LtxFormatException {
    if (limit - from < LtxHeader.SIZE) {
      return NEEDS_MORE;
    }
    header = LtxHeader.decode(bytes, from, LtxHeader.SIZE);
    headCrc = Crc64.update(0, bytes, from, LtxHeader.SIZE);
    order = new PageOrder(header);
    state = State.PAGES;
    return LtxHeader.SIZE;
  }

  private int page(byte[] bytes, int from, int limit) throws LtxFormatException {
    if (limit - from < PageFrame.HEADER_SIZE) {
      return NEEDS_MORE;
    }
    if (PageFrame.isEndMarker(bytes, from)) {
      order.end();
      addToTail(bytes, from, PageFrame.HEADER_SIZE);
      state = State.INDEX;
      return PageFrame.HEADER_SIZE;
    }
    int size = PageFrame.length(bytes, from, limit, header.pageSize());
    if (size == NEEDS_MORE) {
      return NEEDS_MORE;
    }
    int found = PageFrame.pgno(bytes, from);
    order.add(found);
    index.add(found, size);
    pgno = found;
    return size;
  }

  private int index(byte[] bytes, int from, int limit) throws LtxFormatException {
    if (limit == from) {
      return NEEDS_MORE;
    }
    int size = (int) Math.min(limit - from, index.size() - indexRead);
    indexCrc = Crc64.update(indexCrc, bytes, from, size);
    addToTail(bytes, from, size);
    indexRead += size;
    if (indexRead == index.size()) {
      if (indexCrc != index.crc()) {
        throw new LtxFormatException("page index does not match the pages");
      }
      state = State.FOOTER;
    }
    return size;
  }

  private int footer(byte[] bytes, int from, int limit) throws LtxFormatException {
    if (limit - from < FOOTER_SIZE) {
      return NEEDS_MORE;
    }
    long indexSize = Bytes.getLong(bytes, from);
    if (indexSize != index.size()) {
      throw new LtxFormatException("index size is " + indexSize + " instead of " + index.size());
    }
    addToTail(bytes, from, CHECKSUMMED_FOOTER_SIZE);
    trailer =
        new LtxTrailer(
            Bytes.getLong(bytes, from + INDEX_SIZE_BYTES),
            Bytes.getLong(bytes, from + CHECKSUMMED_FOOTER_SIZE));
    state = State.COMPLETE;
    return FOOTER_SIZE;
  }

  private void addToTail(byte[] bytes, int from, int size) {
    tailCrc = Crc64.update(tailCrc, bytes, from, size);
    tailSize += size;
  }

  /**
   * Proves a complete file, with the checksums that the caller has computed from its pages.
   *
   * @param pagesCrc {@link PageFrame#checksum} over all frames in order, from 0
   * @param pagesSize how many bytes that covers: {@link PageFrame#checksummedSize} of all frames
   * @param databaseChecksum the checksum of all pages together, needed for a tracked snapshot; see
   *     {@link PageChecksum#toggle}
   * @throws LtxFormatException if a checksum does not agree
   */
  public LtxTrailer verify(long pagesCrc, long pagesSize, long databaseChecksum)
      throws LtxFormatException {
    if (state != State.COMPLETE) {
      throw new LtxFormatException("the file ends at byte " + offset + ", in the " + state.text);
    }
    long crc = Crc64.combine(headCrc, pagesCrc, pagesSize);
    trailer.check(header, Crc64.combine(crc, tailCrc, tailSize), databaseChecksum);
    return trailer;
  }
}

package io.walsync.ltx;

/** One entry of the page index: page number, offset and size of its frame, as varints. */
final class PageIndexEntry {

  static final int MAX_SIZE = 3 * Bytes.MAX_VARINT_SIZE;

  private PageIndexEntry() {}

  /**
   * @return the offset after the entry
   */
  static int put(byte[] to, int offset, int pgno, long frameOffset, int frameSize) {
    int position = Bytes.putVarint(to, offset, pgno);
    position = Bytes.putVarint(to, position, frameOffset);
    return Bytes.putVarint(to, position, frameSize);
  }
}

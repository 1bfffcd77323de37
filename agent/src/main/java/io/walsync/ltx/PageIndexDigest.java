package io.walsync.ltx;

/**
 * Size and CRC that the page index of a file must have, worked out from the frames seen, in
 * constant memory. All writers make the same index of the same frames.
 */
final class PageIndexDigest {

  private final byte[] entry = new byte[PageIndexEntry.MAX_SIZE];
  private long frameOffset = LtxHeader.SIZE;
  private long size;
  private long crc;

  void add(int pgno, int frameSize) {
    int entrySize = PageIndexEntry.put(entry, 0, pgno, frameOffset, frameSize);
    crc = Crc64.update(crc, entry, 0, entrySize);
    size += entrySize;
    frameOffset += frameSize;
  }

  /** Where in the file the next frame begins. */
  long frameOffset() {
    return frameOffset;
  }

  /** Bytes of the index, including the 0 that ends it. */
  long size() {
    return size + 1;
  }

  /** CRC of the index, including the 0 that ends it. */
  long crc() {
    return Crc64.update(crc, new byte[1], 0, 1);
  }
}

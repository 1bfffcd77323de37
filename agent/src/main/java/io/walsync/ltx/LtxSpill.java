package io.walsync.ltx;

import java.io.IOException;

/** Where an encoder puts what it remembers of the pages when there are too many for memory. */
public interface LtxSpill {

  void append(byte[] bytes, int offset, int count) throws IOException;

  /**
   * @param from byte, counted from the first that was appended; all of the range has been
   */
  void read(long from, byte[] to, int count) throws IOException;
}

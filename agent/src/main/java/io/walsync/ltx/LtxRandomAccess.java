package io.walsync.ltx;

import java.io.IOException;

/** An LTX file of which any range can be read: a local file, or an object in a store. */
public interface LtxRandomAccess {

  /** Size of the whole file. */
  long sizeBytes();

  /**
   * Reads exactly {@code length} bytes from {@code offset} of the file on.
   *
   * @throws IOException if they cannot be read, or the file is shorter
   */
  void read(long offset, byte[] to, int toOffset, int length) throws IOException;
}

package io.walsync.replica;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes to be written to a replica, readable more than once (a retry reads them again) and from any
 * offset.
 */
public interface LtxSource {

  long sizeBytes();

  /** A new stream that starts at {@code offset}. */
  InputStream open(long offset) throws IOException;
}

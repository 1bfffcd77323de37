package io.walsync.replica;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes to be written to a replica, readable more than once (a retry reads them again), from any
 * offset, and by several threads at a time, each with a stream of its own (parts of a large file).
 */
public interface LtxSource {

  long sizeBytes();

  /**
   * Checksum of the database after this file, as LTX defines it, to be recorded beside it; 0 if it
   * is not known.
   */
  default long databaseChecksum() {
    return 0;
  }

  /**
   * The epoch in which its newest TXID was committed, see {@link Owner}: that of the owner who
   * writes it, or that of the newest file merged. To be recorded beside it; 0 if there is none.
   */
  default long epoch() {
    return 0;
  }

  /** A new stream from {@code offset} to the end. */
  InputStream open(long offset) throws IOException;
}

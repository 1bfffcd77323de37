package io.walsync.replica;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The content of a file that is made while it is written: how long it is, and what its SHA-256 is,
 * is known only at its end. It is a whole image of a database.
 */
public interface LtxStream {

  /** Bytes; no more than that come. */
  long mostBytes();

  /**
   * Checksum of the database after this file, as LTX defines it, to be recorded beside it; 0 if it
   * is not known.
   */
  long databaseChecksum();

  /** As {@link LtxSource#epoch}. */
  long epoch();

  /**
   * Writes all of it, once. When this returns, the content is proved; when it throws, nothing of it
   * may ever be seen.
   */
  void writeTo(OutputStream out) throws IOException;

  /**
   * Called when a part of it could not be sent: waits, and returns if the part is to be sent again.
   *
   * @param failureCount how often this part has failed, at least 1
   * @throws IOException the failure, if it is final or there were enough of them
   */
  void awaitNextTry(IOException failure, int failureCount) throws IOException;
}

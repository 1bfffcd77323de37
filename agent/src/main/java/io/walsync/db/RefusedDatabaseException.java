package io.walsync.db;

import java.io.IOException;

/**
 * The local database must not continue what the replica holds: it is an older state of it, or
 * another database altogether.
 */
final class RefusedDatabaseException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long cutAfterTxid;

  RefusedDatabaseException(String message) {
    this(message, 0);
  }

  /**
   * @param cutAfterTxid the TXID after which a power cut has cut the database off; 0 if none has
   */
  RefusedDatabaseException(String message, long cutAfterTxid) {
    super(message);
    this.cutAfterTxid = cutAfterTxid;
  }

  long cutAfterTxid() {
    return cutAfterTxid;
  }
}

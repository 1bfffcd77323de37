package io.walsync.db;

import java.io.IOException;

/**
 * The local database must not continue what the replica holds: it is an older state of it, or
 * another database altogether.
 */
final class RefusedDatabaseException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String standing;
  private final long cutAfterTxid;

  RefusedDatabaseException(String message) {
    this(message, 0);
  }

  /**
   * @param standing the same without what will have changed by a later start
   */
  RefusedDatabaseException(String message, String standing) {
    super(message);
    this.standing = standing;
    this.cutAfterTxid = 0;
  }

  /**
   * @param cutAfterTxid the TXID after which a power cut has cut the database off; 0 if none has
   */
  RefusedDatabaseException(String message, long cutAfterTxid) {
    super(message);
    this.standing = message;
    this.cutAfterTxid = cutAfterTxid;
  }

  /** What to say of it at a later start. */
  String standing() {
    return standing;
  }

  long cutAfterTxid() {
    return cutAfterTxid;
  }
}

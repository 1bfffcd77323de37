package io.walsync.db;

import java.io.IOException;

/**
 * The local database must not continue what the replica holds: it is an older state of it, or
 * another database altogether.
 */
final class RefusedDatabaseException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedDatabaseException(String message) {
    super(message);
  }
}

package io.walsync.cli;

import io.walsync.restore.RestoreException;

/**
 * SQLite's check of a restored database needs something of the application's own, which the command
 * line does not have: nothing is known of the database but what the files' checksums prove.
 */
final class CheckNotPossibleException extends RestoreException {

  private static final long serialVersionUID = 1L;

  CheckNotPossibleException(String message) {
    super(message);
  }
}

package io.walsync.cli;

import io.walsync.restore.RestoreException;

/** SQLite found a restored database to be damaged. */
final class FailedCheckException extends RestoreException {

  private static final long serialVersionUID = 1L;

  FailedCheckException(String message) {
    super(message);
  }
}

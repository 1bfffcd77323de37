package io.walsync.db.staging;

import java.io.IOException;

/** A position file that is not as it was written. */
final class DamagedPositionException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedPositionException(String message) {
    super(message);
  }
}

package io.walsync.db.staging;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A position file that is not as it was written. */
final class DamagedPositionException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedPositionException(@Nullable String message) {
    super(message);
  }
}

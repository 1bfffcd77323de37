package io.walsync.staging;

import java.io.IOException;

/**
 * A staged file is missing or is not what was written: nothing that lies in the folder may reach
 * the replica any more. The database still holds everything; what the replica lacks is found by
 * comparing with it.
 */
public final class StagingDamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  public StagingDamagedException(String message) {
    super(message);
  }

  public StagingDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}

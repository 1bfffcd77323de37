package io.walsync.db.staging;

import io.walsync.ltx.LtxFormatException;
import java.io.EOFException;
import java.io.File;
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

  /** What it means that a staged file cannot be read. */
  static IOException unreadable(File file, IOException cause) {
    boolean isDamaged =
        cause instanceof LtxFormatException || cause instanceof EOFException || !file.exists();
    return isDamaged
        ? new StagingDamagedException(
            file + (file.exists() ? " is damaged: " + cause.getMessage() : " was deleted"), cause)
        : cause;
  }
}

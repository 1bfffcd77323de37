package io.walsync.db.staging;

import io.walsync.ltx.LtxFormatException;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A staged file is missing or was changed: nothing in the folder may reach the replica any more.
 * The database still holds everything, and a comparison finds what the replica lacks.
 */
public final class StagingDamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  public StagingDamagedException(String message) {
    super(message);
  }

  public StagingDamagedException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The exception for a staged file that cannot be read: this one if the file is damaged, else
   * {@code cause}.
   */
  static IOException unreadable(File file, IOException cause) {
    boolean isDamaged =
        cause instanceof LtxFormatException || cause instanceof EOFException || !file.exists();
    return isDamaged
        ? new StagingDamagedException(
            file + (file.exists() ? " is damaged: " + cause.getMessage() : " was deleted"), cause)
        : cause;
  }
}

package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import org.jspecify.annotations.Nullable;

/** A file of the plan is damaged, or is not the file that was written there. */
public final class DamagedFileException extends RestoreException {

  private static final long serialVersionUID = 1L;

  private final transient LtxFileInfo file;

  DamagedFileException(LtxFileInfo file, @Nullable String message, @Nullable Throwable cause) {
    super("restore from " + file + ": " + message, cause);
    this.file = file;
  }

  public LtxFileInfo file() {
    return file;
  }
}

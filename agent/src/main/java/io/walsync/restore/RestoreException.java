package io.walsync.restore;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A database could not be restored; the message says what was tried and what to do. */
public class RestoreException extends IOException {

  private static final long serialVersionUID = 1L;

  public RestoreException(String message) {
    super(message);
  }

  public RestoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

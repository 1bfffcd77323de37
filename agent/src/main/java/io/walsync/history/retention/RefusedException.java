package io.walsync.history.retention;

import java.io.IOException;

/** Nothing was done, and nothing is broken: somebody else is at it, or it would go too far. */
public final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

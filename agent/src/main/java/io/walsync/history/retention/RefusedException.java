package io.walsync.history.retention;

import java.io.IOException;

/** Nothing was done, and nothing is broken: somebody else was faster. */
public final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}

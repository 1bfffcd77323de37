package io.walsync.db.tail;

import java.io.IOException;

/** The WAL was restarted, replaced or removed while it was read. What was read must not be used. */
public final class WalChangedException extends IOException {

  private static final long serialVersionUID = 1L;

  public WalChangedException(String message) {
    super(message);
  }
}

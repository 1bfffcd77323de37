package io.walsync.wal;

import java.io.IOException;

/** The bytes are not part of a valid WAL or wal-index; the message says which field and why. */
public final class WalFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  public WalFormatException(String message) {
    super(message);
  }
}

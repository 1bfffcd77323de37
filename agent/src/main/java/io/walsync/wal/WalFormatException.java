package io.walsync.wal;

import java.io.IOException;

/** The bytes are not what a WAL has there; the message says which field and why. */
public final class WalFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  public WalFormatException(String message) {
    super(message);
  }
}

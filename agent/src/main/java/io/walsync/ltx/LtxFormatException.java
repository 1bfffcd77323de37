package io.walsync.ltx;

import java.io.IOException;

/** The bytes are not a valid LTX file; the message says what is wrong and at which byte. */
public final class LtxFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  public LtxFormatException(String message) {
    super(message);
  }
}

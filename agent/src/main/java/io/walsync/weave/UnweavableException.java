package io.walsync.weave;

/**
 * This NativeDB is of an unknown version; the message names what is missing. Its code is unchanged.
 */
public final class UnweavableException extends RuntimeException {

  UnweavableException(String message) {
    super(message);
  }
}

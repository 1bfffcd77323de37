package io.walsync.weave;

/** This NativeDB is not one we know; the message names what is missing. It stays as it was. */
public final class UnweavableException extends RuntimeException {

  UnweavableException(String message) {
    super(message);
  }
}

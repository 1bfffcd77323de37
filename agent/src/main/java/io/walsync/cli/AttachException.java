package io.walsync.cli;

import java.io.IOException;

/** Another JVM could not be reached, or its agent could not do what it was asked. */
final class AttachException extends IOException {

  private static final long serialVersionUID = 1L;

  AttachException(String message) {
    super(message);
  }
}

package io.walsync.cli;

/** The command line cannot be carried out as it is written. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}

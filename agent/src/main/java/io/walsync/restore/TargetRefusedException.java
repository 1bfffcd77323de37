package io.walsync.restore;

/** The output must not be written: it exists, has companions of an older database, or is open. */
public final class TargetRefusedException extends RestoreException {

  private static final long serialVersionUID = 1L;

  TargetRefusedException(String message) {
    super(message);
  }
}

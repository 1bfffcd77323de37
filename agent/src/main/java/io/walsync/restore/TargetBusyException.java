package io.walsync.restore;

/** The output must not be written at this moment; what is in the way passes by itself. */
public final class TargetBusyException extends TargetRefusedException {

  private static final long serialVersionUID = 1L;

  TargetBusyException(String message) {
    super(message, false);
  }
}

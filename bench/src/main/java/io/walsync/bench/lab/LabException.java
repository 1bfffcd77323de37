package io.walsync.bench.lab;

/** A run that cannot be measured, or whose restore is not its database. It has no numbers. */
public final class LabException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}

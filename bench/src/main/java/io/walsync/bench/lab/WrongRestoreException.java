package io.walsync.bench.lab;

/** A contender's restore is not its database. The run has no numbers, its row says this. */
public final class WrongRestoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WrongRestoreException(String message) {
    super(message);
  }
}

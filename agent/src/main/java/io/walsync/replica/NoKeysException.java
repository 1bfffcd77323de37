package io.walsync.replica;

/** No keys were found in any place where they are looked for; a later look may find some. */
public final class NoKeysException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  public NoKeysException(String message) {
    super(message, false);
  }
}

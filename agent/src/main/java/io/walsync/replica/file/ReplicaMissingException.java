package io.walsync.replica.file;

import io.walsync.replica.ReplicaException;

/** The folder of a replica is not there, or not the one that was there. It may come back. */
final class ReplicaMissingException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  ReplicaMissingException(String message) {
    super(message, false);
  }

  @Override
  public boolean isNotFound() {
    return true;
  }
}

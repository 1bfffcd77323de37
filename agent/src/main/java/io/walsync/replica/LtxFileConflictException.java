package io.walsync.replica;

/**
 * A different file stands under the name we were about to write: another writer owns this replica.
 * Never overwritten.
 */
public final class LtxFileConflictException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  public LtxFileConflictException(String message) {
    super(message, true);
  }

  @Override
  public String outcome() {
    return "conflict";
  }
}

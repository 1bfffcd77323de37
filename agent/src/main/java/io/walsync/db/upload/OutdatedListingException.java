package io.walsync.db.upload;

import io.walsync.replica.ReplicaException;

/**
 * So much time has passed since the replica was listed that the name of a file may have been used
 * and deleted: it is listed again, and the file counts if it still follows the newest.
 */
final class OutdatedListingException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  OutdatedListingException(String url) {
    super(url + " was listed too long ago", false);
  }

  /** What else may be gone, the next listing tells. */
  @Override
  public boolean isNotFound() {
    return true;
  }
}

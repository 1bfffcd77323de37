package io.walsync.db;

import java.io.IOException;

/**
 * The local database is an older state of what the replica holds: replicating it would bury newer
 * data.
 */
final class BehindReplicaException extends IOException {

  private static final long serialVersionUID = 1L;

  BehindReplicaException(String message) {
    super(message);
  }
}

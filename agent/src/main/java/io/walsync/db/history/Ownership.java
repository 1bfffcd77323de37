package io.walsync.db.history;

import io.walsync.replica.ReplicaClient;
import java.io.IOException;

/**
 * Whether the replica is this process's, beside its uploads.
 *
 * <p>Threading: safe.
 */
public interface Ownership {

  /** Whether this process has uploaded, and has not been told of another owner since. */
  boolean isOurs();

  /**
   * Makes sure that nobody else owns it. Costs a request, unless an upload has just shown it.
   *
   * @throws IOException if somebody does, or it cannot be found out
   */
  void confirm(ReplicaClient client) throws IOException;

  /**
   * Makes sure that this process owns it, with a request whatever an upload has shown.
   *
   * @throws IOException if somebody else does, or nobody can say so
   */
  void require(ReplicaClient client) throws IOException;
}

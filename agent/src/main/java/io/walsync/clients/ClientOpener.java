package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;

/** Opens a client; may fail for reasons that a later try does not have. */
public interface ClientOpener {

  /**
   * @param access of what it creates, for replicas whose files have modes
   */
  ReplicaClient open(ReplicaConfig replica, FileAccess access) throws IOException;
}

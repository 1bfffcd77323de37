package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;

/** Opens a client. A failure may be temporary, so the caller may try again. */
public interface ClientOpener {

  /**
   * @param access rights of the files it creates, for replicas in a directory
   */
  ReplicaClient open(ReplicaConfig replica, FileAccess access) throws IOException;
}

package io.walsync.store;

import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.file.FileReplicaClient;
import java.io.File;
import java.io.IOException;

/** Turns a replica's configuration into the client that speaks to it. */
public final class ReplicaClients {

  private ReplicaClients() {}

  public static ReplicaClient open(ReplicaConfig config) throws IOException {
    if (config.type() == ReplicaType.FILE) {
      return new FileReplicaClient(new File(config.path()));
    }
    throw new ReplicaException("cannot write " + config.url(), true);
  }
}

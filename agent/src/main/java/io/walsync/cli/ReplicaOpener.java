package io.walsync.cli;

import io.walsync.clients.ReplicaClients;
import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;

/** Opens the client of a replica; tests put another in its place. */
class ReplicaOpener {

  ReplicaClient open(ReplicaConfig config) throws IOException {
    return ReplicaClients.open(config);
  }
}

package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.replica.s3.S3ReplicaClient;
import java.io.File;

/** Turns a replica's configuration into the client that speaks to it. */
public final class ReplicaClients {

  private ReplicaClients() {}

  /** A client for reading only. */
  public static ReplicaClient open(ReplicaConfig config) throws ReplicaException {
    return open(config, FileAccess.BY_UMASK);
  }

  /**
   * A client that has not spoken to the store yet.
   *
   * @param access rights of the files it creates in a directory
   * @throws ReplicaException if the client cannot use the settings
   */
  static ReplicaClient open(ReplicaConfig config, FileAccess access) throws ReplicaException {
    if (config.type() == ReplicaType.FILE) {
      return new FileReplicaClient(new File(config.path()), access);
    }
    try {
      return new S3ReplicaClient(config.s3());
    } catch (IllegalArgumentException e) {
      throw new ReplicaException("open " + config.url() + ": " + e.getMessage(), e, true);
    }
  }
}

package io.walsync.store;

import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.s3.S3ReplicaClient;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Clients of which those of one bucket share connections, keys and TLS: a thousand databases in one
 * bucket take as many connections to it as there are upload threads.
 *
 * <p>Threading: safe; called on upload threads.
 */
public final class SharedClients implements Store.ClientOpener {

  /** The first client of each bucket, by everything that its connections depend on. */
  private final Map<List<Object>, S3ReplicaClient> buckets = new HashMap<>();

  @Override
  public synchronized ReplicaClient open(ReplicaConfig config, FileAccess access)
      throws ReplicaException {
    if (config.type() != ReplicaType.S3) {
      return ReplicaClients.open(config, access);
    }
    List<Object> bucket =
        Arrays.<Object>asList(
            config.bucket(),
            config.endpoint(),
            config.region(),
            config.forcePathStyle(),
            config.accessKeyId(),
            config.secretAccessKey(),
            config.skipVerify(),
            config.storageClass(),
            config.partSizeBytes(),
            config.concurrency(),
            config.sseCustomerKey(),
            config.sseKmsKeyId());
    S3ReplicaClient first = buckets.get(bucket);
    if (first != null) {
      return first.withPath(config.path());
    }
    first = (S3ReplicaClient) ReplicaClients.open(config, access);
    buckets.put(bucket, first);
    return first;
  }
}

package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.s3.S3ReplicaClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the parts of unfinished uploads that a killed process has left in a replica, and says so.
 * This happens when this process begins to write the replica.
 *
 * <p>Threading: safe; called on upload threads.
 */
public final class AbandonedUploads {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** Buckets of which it was logged that unfinished uploads cannot be listed there. */
  private final Set<String> told = new HashSet<>();

  /**
   * Arranges for the parts to be dropped at the first write. Not earlier: a database that turns out
   * not to be this replica's must drop nothing.
   */
  void dropOnBegin(ReplicaClient client, ReplicaConfig replica) {
    if (client instanceof S3ReplicaClient) {
      S3ReplicaClient s3 = (S3ReplicaClient) client;
      s3.onBegin(() -> drop(s3, replica));
    }
  }

  private void drop(S3ReplicaClient client, ReplicaConfig replica) {
    try {
      List<String> dropped = client.dropUnfinishedUploads();
      if (!dropped.isEmpty()) {
        LOG.info(
            "{}: dropped the parts of {} that were begun and never finished: {}",
            replica.url(),
            dropped.size() == 1 ? "an upload" : dropped.size() + " uploads",
            String.join(", ", dropped));
      }
    } catch (IOException e) {
      boolean isPermanent = e instanceof ReplicaException && ((ReplicaException) e).isPermanent();
      if (isPermanent && isFirst(replica)) {
        LOG.info(
            "{}: whether a process that was killed left parts of uploads there cannot be seen: {}."
                + " They cost money until they are aborted; a lifecycle rule can do that",
            replica.url(),
            e.getMessage());
      } else {
        LOG.debug("{}: unfinished uploads were not looked for: {}", replica.url(), e.getMessage());
      }
    }
  }

  private synchronized boolean isFirst(ReplicaConfig replica) {
    return told.add(replica.s3().endpoint() + " " + replica.s3().bucket());
  }
}

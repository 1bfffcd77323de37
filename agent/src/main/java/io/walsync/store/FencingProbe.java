package io.walsync.store;

import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.s3.S3ReplicaClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each bucket once in a process whether it honours conditional writes, on which it rests that
 * a second writer is fenced, and says so if it does not.
 *
 * <p>Threading: safe; called on upload threads.
 */
final class FencingProbe {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  private final Set<String> asked = new HashSet<>();

  void ask(ReplicaClient client, ReplicaConfig replica) {
    if (!(client instanceof S3ReplicaClient) || !isFirst(replica)) {
      return;
    }
    try {
      if (!((S3ReplicaClient) client).probeConditionalWrites()) {
        LOG.warn(
            "the store of {} ignores If-None-Match: a second writer of a replica is noticed before"
                + " most uploads but not reliably. See that each replica has one writer",
            replica.url());
      }
    } catch (IOException e) {
      LOG.debug("{}: conditional writes could not be tried: {}", replica.url(), e.getMessage());
    }
  }

  private synchronized boolean isFirst(ReplicaConfig replica) {
    return asked.add(replica.endpoint() + " " + replica.bucket());
  }
}

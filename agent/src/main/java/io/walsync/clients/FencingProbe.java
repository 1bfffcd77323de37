package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.s3.S3Fencing;
import io.walsync.replica.s3.S3ReplicaClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries once for each bucket and process whether the store honours conditional writes, without
 * which a second writer is not reliably fenced. Warns if the store does not, or if that cannot be
 * found out.
 *
 * <p>Threading: safe; called on upload threads.
 */
public final class FencingProbe {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  private final Set<String> asked = new HashSet<>();

  /**
   * @return whether the answer is final; if not, the store could not answer now, and the caller
   *     asks again
   */
  boolean ask(ReplicaClient client, ReplicaConfig replica) {
    if (!(client instanceof S3ReplicaClient) || !isFirst(replica)) {
      return true;
    }
    try {
      tell(((S3ReplicaClient) client).probeConditions(), replica);
      return true;
    } catch (IOException e) {
      boolean isPermanent = e instanceof ReplicaException && ((ReplicaException) e).isPermanent();
      if (isPermanent) {
        LOG.warn(
            "{}: whether the store refuses a second writer could not be tried, and is assumed: {}."
                + " See that each replica has one writer",
            replica.url(),
            e.getMessage());
      } else {
        LOG.debug("{}: conditional writes could not be tried: {}", replica.url(), e.getMessage());
        forget(replica);
      }
      return isPermanent;
    }
  }

  private static void tell(S3Fencing fencing, ReplicaConfig replica) {
    if (fencing == S3Fencing.NONE) {
      LOG.warn(
          "the store of {} ignores If-None-Match: a second writer of a replica is noticed before"
              + " most uploads but not reliably. See that each replica has one writer",
          replica.url());
    } else if (fencing == S3Fencing.SEQUENTIAL) {
      LOG.warn(
          "the store of {} keeps conditions of requests that follow one another, but was not seen to"
              + " keep them at the same moment: two writers that begin a replica at once may both be"
              + " let in. See that each replica has one writer",
          replica.url());
    } else {
      LOG.debug("{}: the store keeps conditions, at the same moment too", replica.url());
    }
  }

  private synchronized boolean isFirst(ReplicaConfig replica) {
    return asked.add(bucket(replica));
  }

  private synchronized void forget(ReplicaConfig replica) {
    asked.remove(bucket(replica));
  }

  private static String bucket(ReplicaConfig replica) {
    return replica.s3().endpoint() + " " + replica.s3().bucket();
  }
}

package io.walsync.clients;

import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.http.ProxySettings;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens clients that share connections, keys and TLS if they are for one bucket. So a thousand
 * databases in one bucket take no more connections to it than there are upload threads.
 *
 * <p>Threading: safe; called on upload threads.
 */
public final class SharedClients implements ClientOpener {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** The first client of each bucket, by all settings that its connections depend on. */
  private final Map<S3Settings, S3ReplicaClient> buckets = new HashMap<>();

  @Override
  public synchronized ReplicaClient open(ReplicaConfig config, FileAccess access)
      throws ReplicaException {
    if (config.type() != ReplicaType.S3) {
      return ReplicaClients.open(config, access);
    }
    S3Settings bucket = config.s3().withoutPath();
    S3ReplicaClient first = buckets.get(bucket);
    if (first != null) {
      return first.withPath(config.path());
    }
    first = (S3ReplicaClient) ReplicaClients.open(config, access);
    if (buckets.isEmpty()) {
      tellUnsupportedProxy();
    }
    buckets.put(bucket, first);
    return first;
  }

  private static void tellUnsupportedProxy() {
    String property = ProxySettings.unsupported(System::getProperty);
    if (property != null) {
      LOG.warn(
          "{} is set and has no effect on replication: stores are reached directly, or through the"
              + " HTTP proxy that -Dhttps.proxyHost, -Dhttp.proxyHost, HTTPS_PROXY or HTTP_PROXY name",
          property);
    }
  }
}

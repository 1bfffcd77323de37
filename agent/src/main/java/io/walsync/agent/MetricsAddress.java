package io.walsync.agent;

import io.walsync.config.ListenAddress;
import io.walsync.db.events.DbStatus;
import io.walsync.io.Reason;
import io.walsync.metrics.MetricsServer;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * The configured address of the metrics. That it cannot be served is told and nothing more:
 * replication does not depend on it.
 */
final class MetricsAddress {

  /** Null if the address cannot be listened on. */
  private final MetricsServer server;

  private MetricsAddress(MetricsServer server) {
    this.server = server;
  }

  static MetricsAddress open(
      ListenAddress addr, boolean isLitestreamToo, Supplier<List<DbStatus>> databases, Logger log) {
    try {
      MetricsServer server =
          MetricsServer.open(addr.host(), addr.port(), databases, isLitestreamToo);
      if (addr.port() == 0) {
        log.info("metrics are served on port {}", server.port());
      }
      return new MetricsAddress(server);
    } catch (IOException | RuntimeException e) {
      log.warn(
          "metrics cannot be served on {}: {}. Replication is not affected; another process may have"
              + " the port, as a second JVM with the same configuration does. Configure another"
              + " addr and restart, or ignore this if that JVM is the one that is watched",
          addr,
          Reason.of(e));
      return new MetricsAddress(null);
    }
  }

  void close() {
    if (server != null) {
      server.close();
    }
  }
}

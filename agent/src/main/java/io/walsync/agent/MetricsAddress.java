package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ListenAddress;
import io.walsync.db.events.DbStatus;
import io.walsync.io.Reason;
import io.walsync.metrics.MetricsServer;
import io.walsync.status.AgentFacts;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The configured address of the metrics. That it cannot be served is told and nothing more:
 * replication does not depend on it.
 *
 * <p>Threading: safe.
 */
final class MetricsAddress {

  /** Null unless it is listened on. */
  private @Nullable MetricsServer server;

  private boolean isClosed;

  /** Listens, unless closed already. */
  synchronized void serve(
      Config config, Supplier<List<DbStatus>> databases, Supplier<AgentFacts> agent, Logger log) {
    ListenAddress addr = config.addr();
    if (addr == null || isClosed) {
      return;
    }
    try {
      server =
          MetricsServer.open(
              addr.host(), addr.port(), databases, agent, config.hasLitestreamMetrics());
      if (addr.port() == 0) {
        log.info("metrics are served on port {}", server.port());
      }
    } catch (IOException | RuntimeException e) {
      log.warn(
          "metrics cannot be served on {}: {}. Replication is not affected; another process may"
              + " have the port, as a second JVM with the same configuration does. Configure"
              + " another addr and restart, or ignore this if that JVM is the one that is watched",
          addr,
          Reason.of(e));
    }
  }

  /** For good. */
  void close() {
    MetricsServer serving;
    synchronized (this) {
      isClosed = true;
      serving = server;
      server = null;
    }
    if (serving != null) {
      serving.close();
    }
  }
}

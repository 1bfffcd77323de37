package io.walsync.agent;

import io.walsync.clients.SharedClients;
import io.walsync.config.Config;
import io.walsync.databases.Databases;
import io.walsync.databases.MissingDatabases;
import io.walsync.hook.FileConnection;
import io.walsync.status.AgentFacts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What there is of the agent from its start on: the databases that it replicates, what it says of
 * itself, what carries out commands, and what ends it.
 *
 * <p>Threading: safe.
 */
final class Running {

  final Databases databases;

  /** Null if no missing database is to be restored. */
  final @Nullable MissingDatabases missing;

  final Banner banner;
  final LiveCommands commands;
  final Shutdown shutdown;
  final Logger log;
  private final Duration shutdownTimeout;

  Running(Config config, Banner banner, Logger log) {
    SharedClients clients = new SharedClients();
    this.databases = new Databases(config, clients);
    this.missing = MissingDatabases.of(config, clients);
    this.banner = banner;
    this.commands = new LiveCommands(databases, log);
    this.shutdownTimeout = config.shutdownTimeout();
    this.shutdown = new Shutdown(databases, shutdownTimeout, log);
    this.log = log;
  }

  AgentFacts facts() {
    return banner.facts(databases.neverOpened());
  }

  /**
   * Ends replication while the process goes on.
   *
   * @param connections the application's connections; no more are reported
   * @return what became of the databases, as a sentence for people
   */
  String leave(List<FileConnection> connections) throws InterruptedException {
    String result = new Departure(databases, shutdownTimeout, log).run(connections);
    log.info("detached: {}. Nothing is replicated from now on", result);
    return result;
  }

  /** Closes databases that are not needed, because somebody detached meanwhile. */
  void discard() {
    try {
      databases.close(0);
    } catch (InterruptedException soon) {
      Thread.currentThread().interrupt();
    }
  }
}

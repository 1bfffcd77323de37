package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigLoader;
import io.walsync.config.LogLevel;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.HookedDatabase;
import io.walsync.store.ReplicaClients;
import io.walsync.store.Store;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/**
 * The agent once SQLite is in use. Connections that are opened while it still reads its
 * configuration wait in a list, their application threads do not.
 *
 * <p>States: reading the configuration, running, or off for good because the configuration is
 * wrong.
 */
final class Agent implements Runnable {

  private static final String CONFIG_VARIABLE = "WALSYNC_CONFIG";

  /**
   * A process that opens more than this before the configuration is read leaves the rest
   * unreplicated, loudly.
   */
  private static final int MAX_EARLY_CONNECTIONS = 100_000;

  private final String configPath;
  private List<ConnectionHook> early = new ArrayList<>();
  private Store store;
  private Duration shutdownTimeout;
  private Thread shutdown;
  private Logger log;
  private boolean isOff;

  Agent(String configPath) {
    this.configPath = configPath;
  }

  /** A connection was opened, on an application thread. */
  void opened(ConnectionHook connection) {
    Store running;
    synchronized (this) {
      if (isOff) {
        connection.attach(HookedDatabase.NONE);
        return;
      }
      if (store == null && early.size() < MAX_EARLY_CONNECTIONS) {
        early.add(connection);
        return;
      }
      running = store;
    }
    running.opened(connection);
  }

  @Override
  public void run() {
    try {
      start();
    } catch (ConfigException e) {
      turnOff();
      AgentLog.start(LogLevel.INFO)
          .error(
              "{}. Nothing is replicated until this is corrected and the application restarted; the"
                  + " application itself is not affected",
              e.getMessage());
    } catch (IllegalStateException shuttingDown) {
      turnOff();
    }
  }

  /**
   * Reads the configuration and begins to replicate.
   *
   * @throws ConfigException if it is wrong; nothing has been started then
   * @throws IllegalStateException if the process is about to end
   */
  void start() throws ConfigException {
    Config config = ConfigLoader.load(configFile(), System.getenv());
    log = AgentLog.start(config.logLevel());
    for (String warning : config.warnings()) {
      log.warn(warning);
    }
    Store started = new Store(config, ReplicaClients::open);
    shutdownTimeout = config.shutdownTimeout();
    shutdown = new Shutdown(started, shutdownTimeout, log).thread();
    Runtime.getRuntime().addShutdownHook(shutdown);
    admit(started);
  }

  /** Whether the configuration was wrong. */
  synchronized boolean isOff() {
    return isOff;
  }

  /**
   * Leaves the process, which goes on.
   *
   * @param connections of the application, of which no more are reported
   * @return what has become of the databases, as a sentence
   */
  String leave(List<ConnectionHook> connections) throws InterruptedException {
    Store leaving;
    synchronized (this) {
      leaving = store;
    }
    turnOff();
    if (leaving == null) {
      return "nothing was replicated";
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdown);
    } catch (IllegalStateException theProcessEndsAnyway) {
      return "the process is about to end";
    }
    String result = new Departure(leaving, shutdownTimeout, log).run(connections);
    log.info("detached: {}. Nothing is replicated from now on", result);
    return result;
  }

  private File configFile() throws ConfigException {
    String path = configPath;
    if (path == null || path.isEmpty()) {
      path = System.getenv(CONFIG_VARIABLE);
    }
    if (path == null || path.isEmpty()) {
      throw new ConfigException(
          "no configuration: give its path as -javaagent:walsync-agent.jar=PATH or in "
              + CONFIG_VARIABLE);
    }
    return new File(path);
  }

  private void admit(Store started) {
    List<ConnectionHook> waiting;
    synchronized (this) {
      if (isOff) {
        // Detached meanwhile. No thread of the store's has started.
        return;
      }
      store = started;
      waiting = early;
      early = null;
    }
    for (ConnectionHook connection : waiting) {
      started.opened(connection);
    }
  }

  private void turnOff() {
    List<ConnectionHook> waiting;
    synchronized (this) {
      isOff = true;
      waiting = early == null ? new ArrayList<>() : early;
      early = new ArrayList<>();
    }
    for (ConnectionHook connection : waiting) {
      connection.attach(HookedDatabase.NONE);
    }
  }
}

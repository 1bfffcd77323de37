package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigLoader;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.HookedDatabase;
import io.walsync.store.ReplicaClients;
import io.walsync.store.Store;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    // The first logger of all, and therefore made on a thread of ours: slf4j-simple looks for its
    // settings through the context class loader, and on a cold JVM its dates take it 100 ms.
    Logger log = LoggerFactory.getLogger("walsync");
    try {
      Config config = ConfigLoader.load(configFile(), System.getenv());
      for (String warning : config.warnings()) {
        log.warn(warning);
      }
      Store started = new Store(config, ReplicaClients::open);
      Runtime.getRuntime()
          .addShutdownHook(new Shutdown(started, config.shutdownTimeout(), log).thread());
      admit(started);
    } catch (ConfigException e) {
      turnOff();
      log.error(
          "{}. Nothing is replicated until this is corrected and the application restarted; the"
              + " application itself is not affected",
          e.getMessage());
    } catch (IllegalStateException shuttingDown) {
      turnOff();
    }
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
      waiting = early;
      early = new ArrayList<>();
    }
    for (ConnectionHook connection : waiting) {
      connection.attach(HookedDatabase.NONE);
    }
  }
}

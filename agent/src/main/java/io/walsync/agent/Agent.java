package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigLoader;
import io.walsync.config.LogLevel;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.HookedDatabase;
import io.walsync.io.AgentThread;
import io.walsync.store.SharedClients;
import io.walsync.store.Store;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;

/**
 * The agent once SQLite is in use. Connections that are opened before it has started wait in a
 * list, their application threads do not, unless they close again: then the start is hurried.
 *
 * <p>States: waiting for a good moment, reading the configuration, running, or off for good because
 * the configuration is wrong.
 */
final class Agent implements Runnable, BiFunction<Object, Object, Object> {

  private static final String CONFIG_VARIABLE = "WALSYNC_CONFIG";

  /**
   * A process that opens more than this before the configuration is read leaves the rest
   * unreplicated, loudly.
   */
  private static final int MAX_EARLY_CONNECTIONS = 100_000;

  /** What the end of the process grants a start that has to be made up for. */
  private static final long START_SECONDS = 5;

  private final String configPath;
  private final StartGate gate = new StartGate();
  private final CountDownLatch started = new CountDownLatch(1);
  private List<ConnectionHook> early = new ArrayList<>();
  private Store store;
  private boolean isOff;

  /** Null until the agent has started. */
  private volatile Shutdown shutdown;

  Agent(String configPath) {
    this.configPath = configPath;
  }

  /**
   * A connection was opened, on an application thread. A method rather than a lambda: the first
   * lambda of a JVM is dear.
   */
  @Override
  public Object apply(Object nativeDb, Object fileName) {
    if (AgentThread.isCurrent()) {
      return null;
    }
    ConnectionHook connection = new ConnectionHook(nativeDb, fileName, gate);
    opened(connection);
    gate.opened();
    return connection;
  }

  private void opened(ConnectionHook connection) {
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
      // Early: a process may end before there was time to start.
      Runtime.getRuntime().addShutdownHook(AgentThread.of(this::end, "walsync-shutdown"));
      gate.await();
      Config config = ConfigLoader.load(configFile(), System.getenv());
      Logger log = AgentLog.start(config.logLevel());
      for (String warning : config.warnings()) {
        log.warn(warning);
      }
      Store opened = new Store(config, new SharedClients());
      shutdown = new Shutdown(opened, config.shutdownTimeout(), log);
      admit(opened);
    } catch (ConfigException e) {
      turnOff();
      AgentLog.start(LogLevel.INFO)
          .error(
              "{}. Nothing is replicated until this is corrected and the application restarted; the"
                  + " application itself is not affected",
              e.getMessage());
    } catch (IllegalStateException shuttingDown) {
      turnOff();
    } finally {
      started.countDown();
    }
  }

  /** The process ends. */
  private void end() {
    if (!gate.hurry()) {
      return;
    }
    try {
      if (started.await(START_SECONDS, TimeUnit.SECONDS) && shutdown != null) {
        shutdown.run();
      }
    } catch (InterruptedException theProcessIsInAHurry) {
      Thread.currentThread().interrupt();
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

  private void admit(Store opened) {
    List<ConnectionHook> waiting;
    synchronized (this) {
      store = opened;
      waiting = early;
      early = null;
    }
    for (ConnectionHook connection : waiting) {
      opened.opened(connection);
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

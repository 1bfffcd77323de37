package io.walsync.agent;

import io.walsync.clients.SharedClients;
import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.LogLevel;
import io.walsync.databases.Databases;
import io.walsync.databases.UnseenFile;
import io.walsync.db.events.DbStatus;
import io.walsync.hook.Arrivals;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.ConnectionRegistry;
import io.walsync.hook.FileConnection;
import io.walsync.hook.HookedDatabase;
import io.walsync.io.AgentThread;
import io.walsync.status.AgentFacts;
import java.io.File;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * The agent once SQLite is in use. Connections that are opened before it has started wait in a
 * list. Their application threads do not wait, unless they close the connection; then the start is
 * hurried.
 *
 * <p>States: waiting for a good moment, reading the configuration, running, or off for good because
 * the configuration is wrong or somebody detached it.
 *
 * <p>Application threads call methods and no lambdas: the first lambda of a JVM costs much time.
 */
final class Agent
    implements Runnable, BiFunction<Object, Object, Object>, Consumer<FileConnection> {

  private static final int START_TRIES = 5;

  private static final long START_PAUSE_NANOS = 1_000_000_000L;

  /**
   * How long the end of the process waits for a running statement of a connection that it takes in.
   */
  private static final long TAKE_IN_MILLIS = 500;

  /** How long the end of the process waits for the last visits. */
  private static final long VISIT_MILLIS = 2_000;

  /**
   * Most connections that wait before the configuration is read. Further ones are not replicated,
   * and an error says so.
   */
  private static final int MAX_EARLY_CONNECTIONS = 100_000;

  private static final String NOTHING_IS_REPLICATED =
      "Nothing is replicated until this is corrected and the application restarted; the application"
          + " itself is not affected";

  private final String configPath;
  private final ConnectionRegistry connections;
  private final StartGate gate = new StartGate();
  private final CountDownLatch started = new CountDownLatch(1);
  private final Arrivals early = new Arrivals();

  /** Null unless it was read before the start. */
  private ReadConfig read;

  private Databases databases;
  private Duration shutdownTimeout;
  private Logger log;
  private boolean isOff;

  private final MetricsAddress metrics = new MetricsAddress();

  /** Null before the agent has started. */
  private volatile LiveCommands commands;

  /** Null before the configuration is read. */
  private volatile Banner banner;

  /** The class of the first connection's NativeDB, until the start line is written. */
  private volatile Class<?> firstDriver;

  /** Waits for the end of the process; null before the start. */
  private Thread end;

  /** Null unless the driver was woven while connections were open. */
  private volatile UnseenConnections unseen;

  /** Null until the agent has started. */
  private volatile Shutdown shutdown;

  /**
   * @param connections told of the databases that connections attach; passes them on to the agent
   *     of the time
   */
  Agent(String configPath, ConnectionRegistry connections) {
    this.configPath = configPath;
    this.connections = connections;
  }

  /**
   * Called on an application thread when a connection was opened. Returns its hook; {@link #accept}
   * is called next.
   */
  @Override
  public Object apply(Object nativeDb, Object fileName) {
    ConnectionHook connection = new ConnectionHook(nativeDb, fileName, gate, connections);
    if (isYetToStart()) {
      firstDriver = nativeDb.getClass();
      connection.holdCheckpoints();
    }
    return connection;
  }

  private synchronized boolean isYetToStart() {
    return databases == null && !isOff;
  }

  /** Called when a connection was opened or found open, or when its file became known. */
  @Override
  public void accept(FileConnection connection) {
    if (connection.isFileKnown()) {
      admit(connection);
    }
    gate.opened();
  }

  private void admit(FileConnection connection) {
    Databases running;
    synchronized (this) {
      if (isOff) {
        connection.attach(HookedDatabase.NONE);
        return;
      }
      running = databases;
      if (running == null && early.count() < MAX_EARLY_CONNECTIONS) {
        early.add(connection);
        return;
      }
    }
    if (running == null) {
      connection.attach(HookedDatabase.NONE);
    } else {
      running.opened(connection);
    }
  }

  @Override
  public void run() {
    try {
      gate.await();
      startPatiently();
    } catch (ConfigException e) {
      turnOff();
      Logger errors = AgentLog.start(LogLevel.INFO);
      String[] problems = e.getMessage().split("\n");
      for (String problem : problems) {
        errors.error(problems.length > 1 ? "{}" : "{}. " + NOTHING_IS_REPLICATED, problem);
      }
      if (problems.length > 1) {
        errors.error("the configuration has the errors above. " + NOTHING_IS_REPLICATED);
      }
    } catch (IllegalStateException shuttingDown) {
      turnOff();
    } catch (RuntimeException | Error e) {
      turnOff();
      AgentLog.start(LogLevel.INFO)
          .error(
              "the agent could not start: {}. Nothing is replicated until the application is"
                  + " restarted; the application itself is not affected",
              e.toString());
    } finally {
      started.countDown();
    }
  }

  /**
   * Starts, and tries again for a while: a host that lacks memory or threads at its start may have
   * them a moment later.
   */
  private void startPatiently() throws ConfigException {
    for (int attempt = 1; ; attempt++) {
      try {
        start();
        return;
      } catch (OutOfMemoryError e) {
        if (attempt == START_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(START_PAUSE_NANOS);
      }
    }
  }

  /**
   * Reads the configuration and begins to replicate.
   *
   * @throws ConfigException if it is wrong; nothing has been started then
   * @throws IllegalStateException if the process is about to end
   */
  void start() throws ConfigException {
    ReadConfig found = read == null ? ReadConfig.of(configPath) : read;
    Config config = found.config;
    log = AgentLog.start(config.logLevel());
    banner = Banner.tell(log, found, firstDriver, connections.all());
    firstDriver = null; // it would keep an application in memory that is undeployed
    for (String warning : config.warnings()) {
      log.warn(warning);
    }
    Databases opened = new Databases(config, new SharedClients());
    shutdownTimeout = config.shutdownTimeout();
    shutdown = new Shutdown(opened, shutdownTimeout, log);
    commands = new LiveCommands(opened, log);
    awaitEnd();
    admitTo(opened);
    started.countDown();
    metrics.serve(config, opened::statuses, this::facts, log);
  }

  /**
   * Has the end of the process wait for what was committed. Called before the first connection is
   * opened, since a process may end before there was time to start.
   *
   * @throws IllegalStateException if the process is ending already, and too far
   */
  synchronized void awaitEnd() {
    if (end != null) {
      return;
    }
    ProcessEnd processEnd = new ProcessEnd(gate, new Started(), connections::all);
    end = AgentThread.of(processEnd, "walsync-shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(end);
    } catch (IllegalStateException e) {
      // Too late for a shutdown hook: one of the application's is the first to use SQLite.
      if (!processEnd.begin()) {
        throw e;
      }
    }
  }

  /**
   * Looks for connections that were open when their driver was woven and have run nothing since.
   *
   * @param driverLoaders of all copies of the driver in this JVM
   */
  void visitUnseen(Set<ClassLoader> driverLoaders) {
    AgentThread.of(() -> visitOnceStarted(driverLoaders), "walsync-visit").start();
  }

  private void visitOnceStarted(Set<ClassLoader> driverLoaders) {
    try {
      started.await();
    } catch (InterruptedException leaving) {
      return;
    }
    UnseenConnections looking;
    synchronized (this) {
      if (isOff || databases == null) {
        return;
      }
      banner.found(driverLoaders.iterator().next());
      looking =
          new UnseenConnections(driverLoaders, databases, connections, log, UnseenFile.areListed());
      unseen = looking;
    }
    looking.run();
  }

  /**
   * Looks a last time, as the agent or the process is about to end; on a thread of the agent's.
   *
   * @return the databases that are open and of which nothing is replicated
   */
  Set<File> endVisits() {
    UnseenConnections looking = unseen;
    return looking == null ? Collections.emptySet() : looking.end();
  }

  private final class Started implements ProcessEnd.Start {

    private boolean areVisitsEnded;

    @Override
    public Shutdown await(long timeoutNanos) throws InterruptedException {
      started.await(timeoutNanos, TimeUnit.NANOSECONDS);
      return shutdown;
    }

    @Override
    public boolean isOver() {
      return started.getCount() == 0;
    }

    @Override
    public void takeInMissed() throws InterruptedException {
      Thread thread = BridgeWatch.takeInMissed(connections);
      if (thread != null) {
        thread.join(TAKE_IN_MILLIS);
      }
      if (unseen != null && !areVisitsEnded) {
        areVisitsEnded = true;
        Thread visits = AgentThread.of(Agent.this::endVisits, "walsync-visit");
        visits.start();
        visits.join(VISIT_MILLIS);
      }
    }
  }

  /** Null before the agent has started. */
  private synchronized Databases running() {
    return databases;
  }

  /** How each database does that the application has opened, in the order of their paths. */
  List<DbStatus> statuses() {
    Databases running = running();
    return running == null ? Collections.emptyList() : running.statuses();
  }

  /** What the agent says of itself; null before it has started. */
  AgentFacts facts() {
    Banner told = banner;
    Databases running = running();
    return told == null || running == null ? null : told.facts(running.neverOpened());
  }

  /** Carries out what somebody asks, once it has started; null if that takes longer. */
  LiveCommands commands(long waitMillis) throws InterruptedException {
    return started.await(waitMillis, TimeUnit.MILLISECONDS) ? commands : null;
  }

  /** Reads the configuration, which counts when the agent starts, and does nothing else. */
  void read() throws ConfigException {
    read = ReadConfig.of(configPath);
  }

  /** The path or the URL of the configuration as it was given; null if none was. */
  String configPath() {
    return configPath;
  }

  /** Whether the configuration was wrong. */
  synchronized boolean isOff() {
    return isOff;
  }

  /**
   * Ends replication while the process goes on.
   *
   * @param connections the application's connections; no more are reported
   * @return what became of the databases, as a sentence for people
   */
  String leave(List<FileConnection> connections) throws InterruptedException {
    Databases leaving;
    Thread waiting;
    synchronized (this) {
      leaving = databases;
      waiting = end;
    }
    turnOff();
    metrics.close();
    try {
      if (waiting != null) {
        Runtime.getRuntime().removeShutdownHook(waiting);
      }
    } catch (IllegalStateException theProcessEndsAnyway) {
      return "the process is about to end";
    }
    if (leaving == null) {
      return "nothing was replicated";
    }
    String result = new Departure(leaving, shutdownTimeout, log).run(connections);
    log.info("detached: {}. Nothing is replicated from now on", result);
    return result;
  }

  private void admitTo(Databases opened) {
    List<FileConnection> waiting = null;
    synchronized (this) {
      if (!isOff) {
        databases = opened;
        waiting = early.take();
      }
    }
    if (waiting == null) {
      discard(opened);
      return;
    }
    for (FileConnection connection : waiting) {
      opened.opened(connection);
    }
    new BridgeWatch(opened.capture(), connections, log).run();
  }

  /** Closes databases that are not needed, because somebody detached meanwhile. */
  private static void discard(Databases unused) {
    try {
      unused.close(0);
    } catch (InterruptedException soon) {
      Thread.currentThread().interrupt();
    }
  }

  private void turnOff() {
    List<FileConnection> waiting;
    synchronized (this) {
      isOff = true;
      firstDriver = null;
      waiting = early.take();
    }
    for (FileConnection connection : waiting) {
      connection.attach(HookedDatabase.NONE);
    }
  }
}

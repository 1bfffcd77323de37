package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.LogLevel;
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
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

  private static final String NOTHING_IS_RESTORED =
      "Nothing is replicated until this is corrected and the application restarted, and no database"
          + " that is missing is opened; otherwise the application is not affected";

  private final @Nullable String configPath;
  private final ConnectionRegistry connections;
  private final StartGate gate = new StartGate();
  private final CountDownLatch started = new CountDownLatch(1);
  private final Arrivals early = new Arrivals();

  /** Told what becomes of the start, whether or not anybody waits for it. */
  private final OpenGuard guard = new OpenGuard(gate::demand);

  /** Null unless it was read before the start. */
  private @Nullable ReadConfig read;

  /** Null before the agent has started. */
  private @Nullable Running running;

  private boolean isOff;

  private final MetricsAddress metrics = new MetricsAddress();

  /** The class of the first connection's NativeDB, until the start line is written. */
  private volatile @Nullable Class<?> firstDriver;

  /** Waits for the end of the process; null until then. */
  private @Nullable Thread end;

  /** Null unless the driver was woven while connections were open. */
  private volatile @Nullable UnseenConnections unseen;

  /**
   * @param configPath null if none was given
   * @param connections told of the databases that connections attach; passes them on to the agent
   *     of the time
   */
  Agent(@Nullable String configPath, ConnectionRegistry connections) {
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
    return running == null && !isOff;
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
    Running current;
    synchronized (this) {
      if (isOff) {
        connection.attach(HookedDatabase.NONE);
        return;
      }
      current = running;
      if (current == null && early.count() < MAX_EARLY_CONNECTIONS) {
        early.add(connection);
        return;
      }
    }
    if (current == null) {
      connection.attach(HookedDatabase.NONE);
    } else {
      current.databases.opened(connection);
    }
  }

  @Override
  public void run() {
    try {
      gate.await();
      startPatiently();
    } catch (ConfigException e) {
      guard.fail(
          "whether it is to be restored is not known: the configuration is wrong, as the agent's"
              + " messages say. It is not opened, so that no empty database takes its place");
      turnOff();
      Logger errors = AgentLog.start(LogLevel.INFO);
      boolean mayBeMissed = RestoreWish.isIn(configPath);
      String meaning = mayBeMissed ? NOTHING_IS_RESTORED : NOTHING_IS_REPLICATED;
      String[] problems = String.valueOf(e.getMessage()).split("\n");
      for (String problem : problems) {
        errors.error(problems.length > 1 ? "{}" : "{}. " + meaning, problem);
      }
      if (problems.length > 1) {
        errors.error("the configuration has the errors above. " + meaning);
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
      guard.fail(
          "whether it is to be restored is not known: the agent could not start. It is not opened,"
              + " so that no empty database takes its place");
      started.countDown();
    }
  }

  /** Asked before each open, while a missing database may have to be restored. */
  OpenGuard guard() {
    return guard;
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
    Logger log = AgentLog.start(config.logLevel());
    Banner banner = Banner.tell(log, found, firstDriver, connections.all());
    firstDriver = null; // it would keep an application in memory that is undeployed
    for (String warning : config.warnings()) {
      log.warn(warning);
    }
    Running begun = new Running(config, banner, log);
    guard.begin(begun.missing);
    connections.guardBy(begun.missing == null ? null : guard);
    awaitEnd();
    admitTo(begun);
    started.countDown();
    metrics.serve(config, begun.databases::statuses, begun::facts, log);
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
      Running current = running;
      if (isOff || current == null) {
        return;
      }
      current.banner.found(driverLoaders.iterator().next());
      looking =
          new UnseenConnections(
              driverLoaders, current.databases, connections, current.log, UnseenFile.areListed());
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
    public @Nullable Shutdown await(long timeoutNanos) throws InterruptedException {
      started.await(timeoutNanos, TimeUnit.NANOSECONDS);
      Running current = running();
      return current == null ? null : current.shutdown;
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
  private synchronized @Nullable Running running() {
    return running;
  }

  /** How each database does that the application has opened, in the order of their paths. */
  List<DbStatus> statuses() {
    Running current = running();
    return current == null ? Collections.emptyList() : current.databases.statuses();
  }

  /** What the agent says of itself; null before it has started. */
  @Nullable AgentFacts facts() {
    Running current = running();
    return current == null ? null : current.facts();
  }

  /** Carries out what somebody asks, once it has started; null if that takes longer. */
  @Nullable LiveCommands commands(long waitMillis) throws InterruptedException {
    started.await(waitMillis, TimeUnit.MILLISECONDS);
    Running current = running();
    return current == null ? null : current.commands;
  }

  /** Reads the configuration, which counts when the agent starts, and does nothing else. */
  void read() throws ConfigException {
    read = ReadConfig.of(configPath);
  }

  /** The path or the URL of the configuration as it was given; null if none was. */
  @Nullable String configPath() {
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
    Running leaving;
    Thread waiting;
    synchronized (this) {
      leaving = running;
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
    return leaving == null ? "nothing was replicated" : leaving.leave(connections);
  }

  private void admitTo(Running begun) {
    List<FileConnection> waiting = null;
    synchronized (this) {
      if (!isOff) {
        running = begun;
        waiting = early.take();
      }
    }
    if (waiting == null) {
      begun.discard();
      return;
    }
    for (FileConnection connection : waiting) {
      begun.databases.opened(connection);
    }
    new BridgeWatch(begun.databases.capture(), connections, begun.log).run();
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

package io.walsync.databases;

import io.walsync.clients.AbandonedUploads;
import io.walsync.clients.ClientOnDemand;
import io.walsync.clients.ClientOpener;
import io.walsync.clients.FencingProbe;
import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import io.walsync.config.ReplicaConfig;
import io.walsync.db.Db;
import io.walsync.db.events.DbStatus;
import io.walsync.db.events.LogLines;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.Pause;
import io.walsync.db.settings.StagingTotal;
import io.walsync.hook.Arrivals;
import io.walsync.hook.FileConnection;
import io.walsync.hook.HookedDatabase;
import io.walsync.io.AgentThreads;
import io.walsync.io.Clock;
import io.walsync.io.Disk;
import io.walsync.io.FileAccess;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of this process. A connection is assigned to its database by the file it really
 * opened: all paths that lead to a file through symbolic links are one database. A file with two
 * names of its own (hard links) is not replicated twice.
 *
 * <p>Threading: safe. Connections are assigned on an agent thread, never on the application's.
 */
public final class Databases {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  private static final long ASSIGN_AGAIN_NANOS = 1_000_000_000L;

  /**
   * Time after the first connection at which databases that were not opened are named in the log.
   */
  private static final long TELL_UNOPENED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Entries of closed files that {@link #users} may hold before they are removed. */
  private static final int SPARE_USERS = 100;

  /** Most paths in {@link #toldOnce}. After that many, no more of these lines are logged. */
  private static final int MAX_TOLD = 10_000;

  private final Config config;
  private final ClientOpener clients;
  private final FencingProbe fencing = new FencingProbe();
  private final AbandonedUploads abandoned = new AbandonedUploads();
  private final Arrivals arrivals = new Arrivals();
  private final Map<String, Db> databases = new HashMap<>();
  private final Map<Db, ClientOnDemand> openClients = new HashMap<>();
  private final SharedThreads threads = new SharedThreads(arrivals);
  private final AgentThreads capture = threads.capture();
  private final AgentThreads.Bell arrivalsBell = capture.bell(this::assignArrivals);
  private final Housekeeping housekeeping = new Housekeeping(this, capture);
  private final StagingTotal stagingTotal;
  private final SecondNames secondNames = new SecondNames();
  private final Unopened unopened;
  private boolean isInUse;

  /** The database that last used each file, by {@link Db#fileKey}. */
  private final Map<Object, Db> users = new HashMap<>();

  /** Paths, and messages, that have been logged and are logged only once. */
  private final Set<String> toldOnce = new HashSet<>();

  /**
   * @param clients turns a replica's configuration into a client
   */
  public Databases(Config config, ClientOpener clients) {
    this.config = config;
    this.clients = clients;
    this.stagingTotal = new StagingTotal(config.stagingMaxTotalBytes());
    this.unopened = new Unopened(config);
  }

  /**
   * The newest TXID that an agent uploaded of a database, read from its staging folder. May be
   * asked in any process.
   *
   * @return null if it is not known, or nothing was uploaded to that replica
   */
  public static @Nullable Txid newestUploaded(File stagingFolder, String replicaUrl) {
    return Db.newestUploaded(stagingFolder, replicaUrl);
  }

  /**
   * Why an agent refuses to replicate a database, read from its staging folder. May be asked in any
   * process.
   *
   * @return null if no agent refuses
   */
  public static @Nullable String refusal(File stagingFolder, String replicaUrl) throws IOException {
    return Db.refusal(stagingFolder, replicaUrl);
  }

  /** When what {@link #refusal} says was last decided, milliseconds since the epoch; 0 if never. */
  public static long decidedMillis(File stagingFolder) {
    return Db.decidedMillis(stagingFolder);
  }

  /**
   * Takes in a connection that was opened. Returns at once; an agent thread assigns it to its
   * database.
   */
  public void opened(FileConnection connection) {
    arrivals.add(connection);
    arrivalsBell.ring();
  }

  /** The threads that databases run on. */
  public AgentThreads capture() {
    return capture;
  }

  /** A time in which nothing of any database is uploaded. */
  public Pause pause() {
    return threads.pause();
  }

  /** Whether a connection waits to be assigned to its database. */
  public boolean isAssigning() {
    return arrivals.isAny();
  }

  private void assignArrivals() {
    Error failure = null;
    try {
      if (!isInUse) {
        isInUse = true;
        capture.runAfter(TELL_UNOPENED_NANOS, unopened::tell);
      }
      for (FileConnection connection : arrivals.take()) {
        try {
          assignOrDetach(connection);
        } catch (Error e) {
          // Detached meanwhile, so that its close does not wait for the agent; tried again below.
          connection.attach(HookedDatabase.NONE);
          arrivals.add(connection);
          failure = e;
        }
      }
    } finally {
      arrivals.assigned();
    }
    if (failure != null) {
      capture.runAfter(ASSIGN_AGAIN_NANOS, arrivalsBell::ring);
      throw failure;
    }
  }

  private void assignOrDetach(FileConnection connection) {
    try {
      // One that the garbage collector took, and nobody closed, has commits like any other.
      if (connection.isClosedByApplication() || !assign(connection)) {
        connection.attach(HookedDatabase.NONE);
      }
    } catch (IOException | RuntimeException e) {
      connection.attach(HookedDatabase.NONE);
      if (isFirst(connection.fileName() + ": " + Reason.of(e))) {
        LOG.error("{}: not replicated: {}", connection.fileName(), Reason.of(e));
      }
    }
  }

  /** Returns whether the connection belongs to a replicated database now. */
  private boolean assign(FileConnection connection) throws IOException {
    ConnectionTarget target = ConnectionTarget.of(connection);
    if (target == null) {
      unopened.withoutFile();
      return false;
    }
    // A pattern may match the path as written, links not resolved, or the file it leads to.
    File named = target.named();
    File real = target.real();
    DbConfig match = config.match(named);
    if (match == null) {
      named = real;
      match = config.match(real);
    }
    if (match == null) {
      unopened.unmatched(real);
      return false;
    }
    unopened.matched(match);
    if (!admit(target)) {
      return false;
    }
    Object fileKey = Db.fileKey(real);
    Db db = database(real, named, match, fileKey);
    if (db == null) {
      secondNames.add(connection, fileKey);
      return false;
    }
    try {
      db.opened(connection, fileKey);
    } finally {
      db.connectionArrived();
    }
    return true;
  }

  /** Returns whether the connection can write the file and lets others open it; logs why not. */
  private boolean admit(ConnectionTarget target) {
    File real = target.real();
    String obstacle = target.obstacle();
    if (obstacle != null) {
      if (isFirst(real.getPath())) {
        LOG.warn("{}: not replicated: {}", real, obstacle);
      }
      return false;
    }
    if (real.canWrite() && !target.isReadOnly()) {
      return true;
    }
    if (real.exists() && isFirst(real.getPath())) {
      LOG.info("{}: read-only; left alone", real);
    }
    return false;
  }

  private synchronized boolean isFirst(String told) {
    return toldOnce.size() < MAX_TOLD && toldOnce.add(told);
  }

  /**
   * Returns the database, which then expects a connection; null if the file is in use under another
   * name.
   */
  private synchronized @Nullable Db database(
      File real, File named, DbConfig match, Object fileKey) {
    Db known = databases.get(real.getPath());
    Db user = users.get(fileKey);
    if (user != null && user != known && user.isOpen(fileKey)) {
      tellTwoNames(real, user);
      return null;
    }
    if (known == null) {
      ReplicaConfig replica = match.replicaFor(named);
      ClientOnDemand client =
          new ClientOnDemand(clients, fencing, abandoned, replica, FileAccess.like(real));
      DbSettings settings =
          new DbSettings(
              real,
              match.metaFolderFor(named),
              match,
              client,
              replica.url(),
              new Random(),
              Disk.like(real),
              Clock.SYSTEM,
              stagingTotal,
              new LogLines(real, replica.url()));
      known = new Db(settings, threads);
      databases.put(real.getPath(), known);
      openClients.put(known, client);
      housekeeping.added();
    }
    known.expectConnection();
    if (users.size() > 2 * databases.size() + SPARE_USERS) {
      users.entrySet().removeIf(each -> !each.getValue().isOpen(each.getKey()));
    }
    users.put(fileKey, known);
    return known;
  }

  private void tellTwoNames(File real, Db user) {
    if (isFirst(real.getPath())) {
      LOG.error(
          "{}: is the file that this process has open as {}: a hard link to it, or it was renamed"
              + " while open. SQLite keeps a WAL for each name, so that using both at once corrupts the"
              + " database with or without the agent. Not replicated under the second name until the"
              + " connections under the first are closed; then it is, and a line says so",
          real,
          user.path());
    }
  }

  /**
   * Forgets databases, unless they are in use again.
   *
   * @param gone databases whose files are deleted
   */
  synchronized void forget(List<Db> gone) {
    Set<Db> forgotten = new HashSet<>();
    for (Db db : gone) {
      if (db.isForgettable() && databases.remove(db.path().getPath(), db)) {
        forgotten.add(db);
        db.forgotten();
        ClientOnDemand client = openClients.remove(db);
        assert client != null : "each database has one";
        client.close();
      }
    }
    if (!forgotten.isEmpty()) {
      users.values().removeAll(forgotten);
    }
  }

  /** Assigns the connections to files whose first name has no connection any more. */
  public void assignSecondNames() {
    if (secondNames.isEmpty()) {
      return;
    }
    for (SecondNames.Connection each : secondNames.take(this::isOpen)) {
      if (isFirst(each.file.file() + " " + each.fileKey)) {
        LOG.info("{}: no connection under its other name any more; replicated", each.file.file());
      }
      assignAgain(each.file);
    }
  }

  /**
   * Also assigns a connection that is closed by now: it has left commits that nobody has captured.
   */
  private void assignAgain(FileConnection connection) {
    try {
      if (!assign(connection)) {
        connection.attach(HookedDatabase.NONE);
      } else if (connection.isClosedByApplication()) {
        connection.database().closedBefore(connection);
      }
    } catch (IOException | RuntimeException e) {
      connection.attach(HookedDatabase.NONE);
      LOG.error("{}: not replicated: {}", connection.fileName(), e.getMessage());
    }
  }

  /** Whether connections wait for a file that is open under another name. */
  boolean hasSecondNames() {
    return !secondNames.isEmpty();
  }

  /** Whether a connection of the application's to a file, by {@link Db#fileKey}, is known. */
  synchronized boolean isOpen(Object fileKey) {
    Db user = users.get(fileKey);
    return user != null && user.isOpen(fileKey);
  }

  /**
   * Stops the threads and closes the databases, which {@link Db#leave} has prepared.
   *
   * @param timeoutNanos how long to wait for running work to end
   * @return whether every thread has ended; only then are the databases closed
   */
  public boolean close(long timeoutNanos) throws InterruptedException {
    boolean isStopped = threads.close(timeoutNanos);
    if (isStopped) {
      for (Db db : all()) {
        try {
          db.close();
        } catch (IOException e) {
          LOG.warn("a staging folder could not be closed: {}", Reason.of(e));
        }
      }
    }
    synchronized (this) {
      openClients.values().forEach(ClientOnDemand::close);
      openClients.clear();
    }
    return isStopped;
  }

  /**
   * Files of the configuration that this process has open and to which no connection is known.
   *
   * @param among those of an earlier answer that are of interest; null for all
   */
  public List<UnseenFile> unseen(@Nullable Set<File> among) {
    return UnseenFile.list(config, among, this::isOpen);
  }

  /** The entries of the configuration of which a file may be open and no connection is known. */
  public List<String> unopened() {
    return unopened.patterns();
  }

  /** The entries of the configuration of which no database was opened. */
  public List<String> neverOpened() {
    return unopened.neverOpened();
  }

  /** At the end of the process or the agent: logs which configured databases were never opened. */
  public void tellUnopened() {
    unopened.tell();
  }

  /** How each of {@link #all} does, in the order of their paths. */
  public List<DbStatus> statuses() {
    List<DbStatus> statuses = new ArrayList<>();
    for (Db db : all()) {
      statuses.add(db.status());
    }
    statuses.sort(Comparator.comparing(DbStatus::path));
    return statuses;
  }

  /**
   * Every database seen so far, except those that were forgotten: deleted, and all in the store.
   */
  public synchronized List<Db> all() {
    return new ArrayList<>(databases.values());
  }
}

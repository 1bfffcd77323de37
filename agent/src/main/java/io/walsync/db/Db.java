package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.DbStatus;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.files.DeletedFiles;
import io.walsync.files.FileIdentity;
import io.walsync.hook.ApplicationWait;
import io.walsync.hook.FileConnection;
import io.walsync.hook.HookedDatabase;
import io.walsync.io.AgentThreads;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * One replicated database as the rest of the agent sees it: a front that application threads may
 * call, and a duty cycle that runs on one capture thread at a time.
 *
 * <p>Threading: everything but {@link #run} may be called from anywhere; {@link #run} is never
 * entered twice at once.
 */
public final class Db implements HookedDatabase, Runnable {

  private static final DeletedFiles DELETED_FILES = new DeletedFiles();

  private final DbExecutors executors;
  private final DbEvents events;
  private final File path;
  private final Connections connections;
  private final Drain drain = new Drain();
  private final Turnstile turnstile = new Turnstile();
  private final DutyCycle duty;
  private final AgentThreads.Bell bell;
  private volatile boolean isArmed;

  /** Touched only inside {@link #run}. */
  private AgentThreads.Timer timer;

  public Db(DbSettings settings, DbExecutors executors) {
    this.executors = executors;
    this.events = settings.events();
    this.path = settings.path();
    this.connections = new Connections(settings.clock());
    this.bell = executors.capture().bell(this);
    this.duty = new DutyCycle(settings, executors, connections, drain, turnstile, this::wake);
  }

  /**
   * Which file stands at a path: equal for all names of one file.
   *
   * @throws IOException if there is none
   */
  public static Object fileKey(File path) throws IOException {
    return FileIdentity.keyOf(path);
  }

  /**
   * Closes what the agent has open of database files that are deleted, as far as that is safe.
   *
   * @param isOpen whether a connection to a file, by its {@link #fileKey}, is known
   * @return whether there is more to come soon
   */
  public static boolean closeDeletedFiles(Predicate<Object> isOpen) {
    return DELETED_FILES.close(isOpen);
  }

  /**
   * What an agent last uploaded of a database, as its staging folder says; from any process.
   *
   * @return null if that is not known, or nothing was uploaded to that replica
   */
  public static Txid newestUploaded(File stagingFolder, String replicaUrl) {
    Position known = Staging.lastSaved(stagingFolder);
    boolean isThatReplica =
        known != null && known.uploadedTxid() > 0 && known.replicaUrl().equals(replicaUrl);
    return isThatReplica ? Txid.of(known.uploadedTxid()) : null;
  }

  /**
   * Why an agent refuses to replicate a database, as its staging folder says; from any process.
   *
   * @return null if none does
   */
  public static String refusal(File stagingFolder, String replicaUrl) throws IOException {
    String refusal = Staging.refusalIn(stagingFolder).reason(replicaUrl);
    return refusal != null ? refusal : Staging.fenceIn(stagingFolder).reason(replicaUrl);
  }

  /** The file's own path, with links resolved. */
  public File path() {
    return path;
  }

  /**
   * A connection of the application's was opened; from now on its commits are replicated.
   *
   * @param fileKey of the file that stands at the path, as {@link #fileKey} tells
   */
  public void opened(FileConnection connection, Object fileKey) {
    duty.disowned(connections.add(connection, fileKey));
    duty.opened(connection);
    connection.attach(this);
    wake();
  }

  /** A connection was opened of which {@link #opened} will tell. */
  public void expectConnection() {
    connections.expect();
  }

  /** {@link #opened} has told, or failed to. */
  public void connectionArrived() {
    connections.arrived();
  }

  /**
   * Whether nothing would be lost by forgetting it: no connection is open or expected, and what was
   * committed is in the store.
   */
  public boolean isForgettable() {
    return duty.parking().isUndisturbed();
  }

  /** It is not looked at any more. */
  public void forgotten() {
    bell.remove();
  }

  /** Whether it is closed and still holds its staging folder. */
  public boolean isHoldingFolder() {
    return duty.parking().isDueLater();
  }

  /** Gives its staging folder back as soon as nothing of it waits for the store. */
  public void park() {
    duty.parking().hurry();
    wake();
  }

  /** Whether the application has this file open as this database, at the path or moved away. */
  public boolean isOpen(Object fileKey) {
    return connections.isOpen(fileKey);
  }

  @Override
  public void committed() {
    if (isArmed) {
      bell.ring();
    }
  }

  @Override
  public void hookFailed(Throwable fault) {
    duty.hookFailed(fault);
  }

  @Override
  public void awaitTurnstile() {
    turnstile.pass();
  }

  @Override
  public boolean isInWalMode() {
    return duty.isInWalMode();
  }

  @Override
  public boolean isDoorUsed() {
    return !duty.isInWalMode() || !duty.isInside();
  }

  @Override
  public void letGo(FileConnection connection, boolean isClosing) {
    if (!isClosing) {
      duty.forgetWalMode();
    }
    ApplicationWait letGo = connections.leave(connection, isClosing);
    if (letGo != null) {
      wake();
      Connections.await(letGo);
    }
  }

  @Override
  public boolean letGoBriefly(FileConnection connection) {
    ApplicationWait letGo = connections.leave(connection, false);
    if (letGo == null) {
      return false;
    }
    wake();
    return Connections.awaitBriefly(letGo);
  }

  @Override
  public void stays(FileConnection connection) {
    connections.stays(connection);
    wake();
  }

  @Override
  public void takeHold(FileConnection connection) {
    connections.exclusiveEnded(connection);
    wake();
  }

  @Override
  public void closedBefore(FileConnection connection) {
    connections.closed(connection);
    wake();
  }

  @Override
  public void closed(FileConnection connection) {
    ApplicationWait settled = connections.closed(connection);
    wake();
    if (settled != null) {
      // The next open must find the agent knowing what this close left behind.
      Connections.awaitSettled(settled);
    }
  }

  /**
   * The agent leaves the process while the application goes on: the tail is copied, every
   * connection of the agent's is closed, and what is staged is uploaded without waiting for the
   * sync interval.
   */
  public void leave() {
    duty.leave();
    drain();
  }

  /** Whether the agent has no connection to the database any more and takes none again. */
  public boolean hasLeft() {
    return duty.hasLeft();
  }

  /** From now on uploads do not wait for the sync interval. */
  public void drain() {
    drain.begin();
    wake();
  }

  /** Whether everything committed is in the store, or waiting would not bring it there. */
  public boolean isDrained() {
    return drain.isDone() || drain.isHopeless();
  }

  /** Whether everything committed was in the store when last asked for by {@link #drain}. */
  public boolean isUploaded() {
    return drain.isDone();
  }

  /** How it stands at this moment, approximately. */
  public DbStatus status() {
    return duty.status();
  }

  /** What the database is doing, as one word. */
  public String describeState() {
    return duty.describeState();
  }

  /** See {@link DutyCycle#impossibleChange}; for tests. */
  String impossibleChange() {
    return duty.impossibleChange();
  }

  /** Makes the local state survive a power cut; for the end of the process. */
  public void saveDurably() {
    drain.requestSave();
    wake();
  }

  /** Whether {@link #saveDurably} is done. */
  public boolean isSavedDurably() {
    return !drain.isSaveWanted();
  }

  /**
   * Lets go of everything without a further look at the database; only once no thread runs it any
   * more.
   */
  public void close() throws IOException {
    connections.takeWaiting().forEach(ApplicationWait::answer);
    bell.remove();
    duty.close();
  }

  /** Has the duty cycle run soon. */
  void wake() {
    bell.ring();
  }

  @Override
  public void run() {
    isArmed = false;
    boolean isMissing = false;
    try {
      isMissing = takeTurn();
    } catch (RuntimeException | Error e) {
      recoverFrom(e);
    }
    if (isMissing) {
      wake();
    }
  }

  /** Returns whether another turn is due at once. */
  private boolean takeTurn() {
    long delayNanos = duty.run();
    if (delayNanos == Timetable.UNTIL_COMMIT || duty.wantsCommits()) {
      isArmed = true;
      // A commit between the last look and the arming told nobody.
      if (duty.hasMissedCommit()) {
        isArmed = false;
        return true;
      }
    }
    schedule(delayNanos);
    return false;
  }

  /** Out of memory where nothing may fail any more: with the next commit, or soon, it goes on. */
  private void recoverFrom(Throwable e) {
    isArmed = true;
    try {
      schedule(Timetable.POLL_NANOS);
      events.failedInPassing("a turn failed", e);
    } catch (RuntimeException | Error again) {
      // The next commit wakes it.
      isArmed = true;
    }
  }

  private void schedule(long delayNanos) {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (delayNanos != Timetable.UNTIL_COMMIT) {
      timer = executors.capture().runAfter(delayNanos, this::wake);
    }
  }
}

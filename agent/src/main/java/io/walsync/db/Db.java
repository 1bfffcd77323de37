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
import org.jspecify.annotations.Nullable;

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
  private AgentThreads.@Nullable Timer timer;

  public Db(DbSettings settings, DbExecutors executors) {
    this.executors = executors;
    this.events = settings.events();
    this.path = settings.path();
    this.connections = new Connections(settings.clock());
    this.bell = executors.capture().bell(this);
    this.duty = new DutyCycle(settings, executors, connections, drain, turnstile, this::wake);
  }

  /**
   * Identity of the file at a path, equal for all names of one file.
   *
   * @throws IOException if there is no file
   */
  public static Object fileKey(File path) throws IOException {
    return FileIdentity.keyOf(path);
  }

  /**
   * Closes the agent's descriptors of deleted database files, as far as that is safe.
   *
   * @param isOpen whether a connection to a file, by its {@link #fileKey}, is known
   * @return whether another call soon would close more
   */
  public static boolean closeDeletedFiles(Predicate<Object> isOpen) {
    return DELETED_FILES.close(isOpen);
  }

  /**
   * The newest TXID that an agent uploaded of a database, read from its staging folder. May be
   * asked in any process.
   *
   * @return null if it is not known, or nothing was uploaded to that replica
   */
  public static @Nullable Txid newestUploaded(File stagingFolder, String replicaUrl) {
    Position known = Staging.lastSaved(stagingFolder);
    return known != null && known.uploadedTxid() > 0 && known.replicaUrl().equals(replicaUrl)
        ? Txid.of(known.uploadedTxid())
        : null;
  }

  /**
   * Why an agent refuses to replicate a database, read from its staging folder. May be asked in any
   * process.
   *
   * @return null if no agent refuses
   */
  public static @Nullable String refusal(File stagingFolder, String replicaUrl) throws IOException {
    String refusal = Staging.refusalIn(stagingFolder).reason(replicaUrl);
    return refusal != null ? refusal : Staging.fenceIn(stagingFolder).reason(replicaUrl);
  }

  /** When what {@link #refusal} says was last decided, milliseconds since the epoch; 0 if never. */
  public static long decidedMillis(File stagingFolder) {
    return Math.max(
        Staging.refusalIn(stagingFolder).path().lastModified(),
        Staging.fenceIn(stagingFolder).path().lastModified());
  }

  /** The path of the database file, with symbolic links resolved. */
  public File path() {
    return path;
  }

  /**
   * A connection of the application's was opened; from now on its commits are replicated.
   *
   * @param fileKey {@link #fileKey} of the file at the path
   */
  public void opened(FileConnection connection, Object fileKey) {
    duty.disowned(connections.add(connection, fileKey));
    duty.opened(connection);
    connection.attach(this);
    wake();
  }

  /** Announces a connection for which {@link #opened} will be called. */
  public void expectConnection() {
    connections.expect();
  }

  /**
   * The end of what {@link #expectConnection} announced, whether or not {@link #opened} was called.
   */
  public void connectionArrived() {
    connections.arrived();
  }

  /**
   * Whether this object can be dropped: no connection is open or expected, and everything committed
   * is in the store.
   */
  public boolean isForgettable() {
    return duty.parking().isUndisturbed();
  }

  /** Called when this object is dropped. */
  public void forgotten() {
    duty.parking().leavePast();
    bell.remove();
  }

  /** Whether the database is closed and its staging folder is still open here. */
  public boolean isHoldingFolder() {
    return duty.parking().isDueLater();
  }

  /** Parks the staging folder as soon as nothing in it waits for the store. */
  public void park() {
    duty.parking().hurry();
    wake();
  }

  /**
   * Whether the application has a file open as this database, even if the file has been moved away.
   */
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
      // So that what this close leaves behind is taken in before the application opens it again.
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

  /** Uploads what is committed by now without waiting for the sync interval. */
  public void sync() {
    duty.haste().begin();
    wake();
  }

  /** Whether what was committed before the last {@link #sync} is in the store. */
  public boolean isSynced() {
    return !duty.haste().isWanted();
  }

  /** A pause has ended. */
  public void resume() {
    duty.resume();
    wake();
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

  /** The state of replication at this moment, approximately. */
  public DbStatus status() {
    return duty.status();
  }

  /** What the database is doing, as one word. */
  public String describeState() {
    return duty.describeState();
  }

  /** See {@link DutyCycle#impossibleChange}; for tests. */
  @Nullable String impossibleChange() {
    return duty.impossibleChange();
  }

  /**
   * Has the local state made durable, so that it survives a power cut; at the end of the process.
   */
  public void saveDurably() {
    drain.requestSave();
    wake();
  }

  /** Whether {@link #saveDurably} is done. */
  public boolean isSavedDurably() {
    return !drain.isSaveWanted();
  }

  /**
   * Releases everything without reading the database again. Only after the last {@link #run} has
   * returned.
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

  /** Runs one turn; returns whether another one is due at once. */
  private boolean takeTurn() {
    long delayNanos = duty.run();
    if (delayNanos == Timetable.UNTIL_COMMIT || duty.wantsCommits()) {
      isArmed = true;
      // A commit after the last look and before `isArmed` was set has woken nobody.
      if (duty.hasMissedCommit()) {
        isArmed = false;
        return true;
      }
    }
    schedule(delayNanos);
    return false;
  }

  /**
   * Handles a failure where nothing may fail, such as out of memory: the next commit, or the clock,
   * runs a turn.
   */
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

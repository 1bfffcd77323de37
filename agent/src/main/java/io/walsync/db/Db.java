package io.walsync.db;

import io.walsync.capture.FileIdentity;
import io.walsync.checkpoint.Turnstile;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.HookedDatabase;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One replicated database as the rest of the agent sees it: a front that application threads may
 * call, and a duty cycle that runs on one capture thread at a time.
 *
 * <p>Threading: everything but {@link #run} may be called from anywhere; {@link #run} is never
 * entered twice at once.
 */
public final class Db implements HookedDatabase, Runnable {

  private enum Turn {
    RESTING,
    QUEUED,
    RUNNING,
    /** Somebody called while it ran. */
    RUNNING_AGAIN
  }

  private final DbExecutors executors;
  private final File path;
  private final Connections connections = new Connections();
  private final Drain drain = new Drain();
  private final Turnstile turnstile = new Turnstile();
  private final DutyCycle duty;
  private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.RESTING);
  private volatile boolean isArmed;

  /** Touched only inside {@link #run}. */
  private ScheduledFuture<?> timer;

  public Db(DbSettings settings, DbExecutors executors) {
    this.executors = executors;
    this.path = settings.path();
    this.duty = new DutyCycle(settings, executors, connections, drain, turnstile, this::wake);
  }

  /**
   * Which file stands at a path: equal for all names of one file.
   *
   * @throws IOException if there is none
   */
  public static Object fileKey(File path) throws IOException {
    return FileIdentity.of(path).key();
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
  public void opened(ConnectionHook connection, Object fileKey) {
    duty.disowned(connections.add(connection, fileKey));
    duty.opened(connection);
    connection.attach(this);
    wake();
  }

  /** Whether the application has this file open as this database, at the path or moved away. */
  public boolean isOpen(Object fileKey) {
    return connections.isOpen(fileKey);
  }

  @Override
  public void committed() {
    if (isArmed) {
      isArmed = false;
      wake();
    }
  }

  @Override
  public void awaitTurnstile() {
    turnstile.pass();
  }

  @Override
  public void letGo(ConnectionHook connection, boolean isClosing) {
    CountDownLatch letGo = connections.leave(connection, isClosing);
    if (letGo != null) {
      wake();
      Connections.await(letGo);
    }
  }

  @Override
  public void takeHold(ConnectionHook connection) {
    connections.exclusiveEnded(connection);
    wake();
  }

  @Override
  public void closed(ConnectionHook connection) {
    CountDownLatch settled = connections.closed(connection);
    wake();
    if (settled != null) {
      // The next open must find the agent knowing what this close left behind.
      Connections.await(settled);
    }
  }

  /** From now on uploads do not wait for the sync interval. */
  public void drain() {
    drain.begin();
    wake();
  }

  /** Whether everything committed is in the store. */
  public boolean isDrained() {
    return drain.isDone();
  }

  /** What is not in the store, for people; empty if nothing. */
  public String describePending() {
    return drain.isDone() ? "" : duty.describePending();
  }

  /** What the database is doing, as one word. */
  public String describeState() {
    return duty.describeState();
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
  void close() throws IOException {
    duty.close();
  }

  /** Has the duty cycle run soon; wait-free unless it rests. */
  void wake() {
    while (true) {
      Turn now = turn.get();
      if (now == Turn.RESTING) {
        if (turn.compareAndSet(Turn.RESTING, Turn.QUEUED)) {
          submit();
          return;
        }
      } else if (now == Turn.RUNNING) {
        if (turn.compareAndSet(Turn.RUNNING, Turn.RUNNING_AGAIN)) {
          return;
        }
      } else {
        return;
      }
    }
  }

  private void submit() {
    try {
      executors.capture().execute(this);
    } catch (RejectedExecutionException shuttingDown) {
      turn.set(Turn.RESTING);
    }
  }

  @Override
  public void run() {
    turn.set(Turn.RUNNING);
    isArmed = false;
    long delayNanos = duty.run();
    if (delayNanos == DutyCycle.UNTIL_COMMIT || duty.wantsCommits()) {
      isArmed = true;
      // A commit between the last look and the arming told nobody.
      if (duty.hasMissedCommit()) {
        isArmed = false;
        turn.set(Turn.QUEUED);
        submit();
        return;
      }
    }
    schedule(delayNanos);
    if (!turn.compareAndSet(Turn.RUNNING, Turn.RESTING)) {
      turn.set(Turn.QUEUED);
      submit();
    }
  }

  private void schedule(long delayNanos) {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (delayNanos == DutyCycle.UNTIL_COMMIT) {
      return;
    }
    try {
      timer = executors.capture().schedule(this::wake, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException shuttingDown) {
      return;
    }
  }
}

package io.walsync.agent;

import io.walsync.databases.Databases;
import io.walsync.db.Db;
import io.walsync.hook.CommitGate;
import io.walsync.hook.FileConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * The end of the process: uploads what is committed, for as long as the deadline allows, and says
 * what is left. It begins beside the application's shutdown hooks, which may still commit. When
 * they are over no new transaction can begin, and a last look finds what was committed.
 *
 * <p>Threading: one thread, of the agent's; {@link #endNanos} from any.
 */
final class Shutdown {

  /**
   * Pause between two looks at whether everything is uploaded; commits wake their databases by
   * themselves.
   */
  private static final long LOOK_NANOS = 1_000_000;

  /** How long everything must stay drained until the application counts as finished. */
  private static final long QUIET_NANOS = 50_000_000;

  /**
   * How long a statement may go on that runs when the JVM would halt. Without the agent it would
   * get no time.
   */
  private static final long STATEMENT_NANOS = 500_000_000;

  /** How long is spent on the last commits of hooks that ended after the deadline. */
  private static final long TAIL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Time after the deadline for fsyncs of the local state. */
  private static final long SAVE_NANOS = 1_000_000_000;

  private final Databases databases;
  private final Duration deadline;
  private final Logger log;
  private final Set<Db> draining = new HashSet<>();

  Shutdown(Databases databases, Duration deadline, Logger log) {
    this.databases = databases;
    this.deadline = deadline;
    this.log = log;
  }

  /**
   * When uploading ends at the latest.
   *
   * @param beganNanos when the process began to end
   * @param readyNanos when its own hooks had ended
   */
  long endNanos(long beganNanos, long readyNanos) {
    long last = beganNanos + deadline.toNanos();
    long tail = readyNanos + Math.min(TAIL_NANOS, deadline.toNanos());
    return last - tail > 0 ? last : tail;
  }

  /** Begins to upload without waiting for the sync interval, while the application's hooks run. */
  void beginDrain() {
    isEverythingDrained();
  }

  /**
   * Ends the upload when the application's hooks are over. The JVM halts afterwards.
   *
   * @param connections of the application that are open
   */
  void finish(long endNanos, Supplier<List<FileConnection>> connections) {
    CommitGate.closeToNew(endNanos + SAVE_NANOS);
    while (!isEverythingDrained() && System.nanoTime() - endNanos < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    CommitGate.close();
    Collection<String> running = awaitStatements(connections);
    lookAgain();
    while (!isEverythingDrained() && System.nanoTime() - endNanos < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    conclude();
    for (String file : running) {
      log.warn(
          "{}: a statement was still running as the process ended. If it has committed, that is in"
              + " the database on this machine, and uploaded when the application next opens it",
          file);
    }
  }

  /** As {@link #finish}, on a JVM that does not tell when the application's hooks are over. */
  void finishWhenQuiet(long endNanos) {
    awaitDrained(endNanos);
    conclude();
  }

  private void conclude() {
    List<Db> all = databases.all();
    report(all);
    databases.tellUnopened();
    saveDurably(all);
  }

  /** Waits for running statements; returns the databases of those that do not end. */
  private static Collection<String> awaitStatements(Supplier<List<FileConnection>> connections) {
    long end = System.nanoTime() + STATEMENT_NANOS;
    while (true) {
      // Also long enough to see a thread that has just passed the gate.
      LockSupport.parkNanos(LOOK_NANOS);
      Collection<String> running = new TreeSet<>();
      for (FileConnection connection : connections.get()) {
        if (connection.isInStatement()) {
          running.add(connection.fileName());
        }
      }
      if (running.isEmpty() || System.nanoTime() - end > 0) {
        return running;
      }
    }
  }

  /**
   * Looks at all databases once more: one that was found drained may have been written and closed
   * since, and a close returns before its turn has ended.
   */
  private void lookAgain() {
    for (Db db : draining) {
      if (!db.isForgettable()) {
        db.drain();
      }
    }
  }

  static void saveDurably(List<Db> all) {
    for (Db db : all) {
      db.saveDurably();
    }
    long end = System.nanoTime() + SAVE_NANOS;
    while (System.nanoTime() - end < 0 && !all.stream().allMatch(Db::isSavedDurably)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  void awaitDrained(long end) {
    long quietSince = 0;
    while (System.nanoTime() - end < 0) {
      if (isEverythingDrained()) {
        if (quietSince == 0) {
          quietSince = System.nanoTime();
        } else if (System.nanoTime() - quietSince > QUIET_NANOS) {
          return;
        }
      } else {
        quietSince = 0;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** A connection that was opened a moment ago may bring a database that is not known yet. */
  private boolean isEverythingDrained() {
    databases.assignSecondNames();
    boolean isDrained = !databases.isAssigning();
    for (Db db : databases.all()) {
      if (draining.add(db)) {
        db.drain();
      }
      isDrained &= db.isDrained();
    }
    return isDrained;
  }

  void report(List<Db> all) {
    for (Db db : all) {
      if (db.isUploaded()) {
        continue;
      }
      String pending = db.status().describePending();
      if (db.isDrained()) {
        log.warn(
            "{}: commits end with this process that are not in the store, because {}. They are in"
                + " the database on this machine; see that this is resolved before the machine goes"
                + " away",
            db.path(),
            pending);
      } else {
        log.warn(
            "{}: not everything was uploaded before the shutdown deadline of {} s: {}. It is kept"
                + " and uploaded when the application next opens the database",
            db.path(),
            deadline.getSeconds(),
            pending);
      }
    }
  }
}

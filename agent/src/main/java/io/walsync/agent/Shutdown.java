package io.walsync.agent;

import io.walsync.db.Db;
import io.walsync.store.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * The end of the process: uploads what is committed, for as long as the deadline allows, and says
 * what is left. The application's own shutdown hooks run at the same time and may still commit, so
 * a database counts as drained only while it stays so.
 */
final class Shutdown implements Runnable {

  private static final long LOOK_NANOS = 5_000_000;

  /** How long everything must stay drained before we believe that the application is done. */
  private static final long QUIET_NANOS = 50_000_000;

  /** Beyond the deadline, for fsyncs of the local state. */
  private static final long SAVE_NANOS = 1_000_000_000;

  private final Store store;
  private final Duration deadline;
  private final Logger log;
  private final Set<Db> draining = new HashSet<>();

  Shutdown(Store store, Duration deadline, Logger log) {
    this.store = store;
    this.deadline = deadline;
    this.log = log;
  }

  @Override
  public void run() {
    long end = System.nanoTime() + deadline.toNanos();
    awaitDrained(end);
    List<Db> databases = store.databases();
    report(databases);
    store.tellUnopened();
    saveDurably(databases);
  }

  static void saveDurably(List<Db> databases) {
    for (Db db : databases) {
      db.saveDurably();
    }
    long end = System.nanoTime() + SAVE_NANOS;
    while (System.nanoTime() - end < 0 && !databases.stream().allMatch(Db::isSavedDurably)) {
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
    boolean isDrained = !store.isSorting();
    for (Db db : store.databases()) {
      if (draining.add(db)) {
        db.drain();
      }
      isDrained &= db.isDrained();
    }
    return isDrained;
  }

  void report(List<Db> databases) {
    for (Db db : databases) {
      String pending = db.describePending();
      if (pending.isEmpty()) {
        continue;
      }
      if (db.isDrained()) {
        log.warn(
            "{}: commits end with this process that are not in the store, because {}. They are in the"
                + " database on this machine; see that this is resolved before the machine goes away",
            db.path(),
            pending);
      } else {
        log.warn(
            "{}: not everything was uploaded before the shutdown deadline of {} s: {}. It is kept and"
                + " uploaded when the application next opens the database",
            db.path(),
            deadline.getSeconds(),
            pending);
      }
    }
  }
}

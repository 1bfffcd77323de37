package io.walsync.databases;

import io.walsync.db.Db;
import io.walsync.io.AgentThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sees to it that a process that makes and deletes databases for as long as it lives does not keep
 * what it knew of each: databases whose file is gone and whose content is in the store are
 * forgotten, descriptors of deleted files closed, and of those that are closed only so many keep
 * their staging folder open. Files that were open under two names are looked at again.
 *
 * <p>Threading: safe; the work is done on one capture thread at a time.
 */
final class Housekeeping implements Runnable {

  /** A database deleted long after its last close is noticed within this time. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** While there is something left to do. */
  private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Databases that are new since the last look; each may bring four descriptors. */
  private static final int NEW_COUNT = 32;

  /** Closed databases that keep their folder open, to be opened again soon, at two descriptors. */
  private static final int MAX_OPEN_FOLDERS = 100;

  private final Databases databases;
  private final AgentThreads threads;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private int newCount;
  private AgentThreads.Timer timer;

  Housekeeping(Databases databases, AgentThreads threads) {
    this.databases = databases;
    this.threads = threads;
  }

  /** There is one database more. */
  synchronized void added() {
    newCount++;
    if (newCount >= NEW_COUNT) {
      newCount = 0;
      threads.run(this);
    } else if (timer == null) {
      timer = threads.runAfter(IDLE_NANOS, this);
    }
  }

  @Override
  public void run() {
    if (!isRunning.compareAndSet(false, true)) {
      return;
    }
    boolean isMore = true;
    try {
      isMore = look();
    } finally {
      isRunning.set(false);
      schedule(isMore ? BUSY_NANOS : IDLE_NANOS);
    }
  }

  private synchronized void schedule(long delayNanos) {
    if (timer != null) {
      timer.cancel();
    }
    timer = threads.runAfter(delayNanos, this);
  }

  /** Returns whether there is something left to do soon. */
  private boolean look() {
    List<Db> gone = new ArrayList<>();
    List<Db> holding = new ArrayList<>();
    boolean isMore = false;
    for (Db db : databases.all()) {
      boolean isHolding = db.isHoldingFolder();
      if (!isHolding && !db.isForgettable()) {
        continue;
      }
      if (!db.path().exists()) {
        isMore |= isHolding;
        if (isHolding) {
          db.park();
        } else {
          gone.add(db);
        }
      } else if (isHolding) {
        holding.add(db);
      }
    }
    databases.forget(gone);
    databases.sortSecondNames();
    for (Db db : holding.subList(0, Math.max(0, holding.size() - MAX_OPEN_FOLDERS))) {
      db.park();
    }
    return Db.closeDeletedFiles(databases::isOpen) || isMore || databases.hasSecondNames();
  }
}

package io.walsync.databases;

import io.walsync.db.Db;
import io.walsync.io.AgentThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a process keeps that makes and deletes databases for as long as it lives. Databases
 * whose file is gone and whose content is in the store are forgotten. Descriptors of deleted files
 * are closed. Of the closed databases only so many keep their staging folder open. Files that were
 * open under two names are tried again.
 *
 * <p>Threading: safe; it runs on one capture thread at a time.
 */
final class Housekeeping implements Runnable {

  /**
   * Pause when nothing is left to do. It bounds how late the deletion of a closed database is
   * noticed.
   */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Pause while there is something left to do. */
  private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** After this many new databases it runs at once; each may bring four descriptors. */
  private static final int NEW_COUNT = 32;

  /**
   * Closed databases that keep their folder open, at two descriptors each, in case they are opened
   * again soon.
   */
  private static final int MAX_OPEN_FOLDERS = 100;

  private final Databases databases;
  private final AgentThreads threads;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private int newCount;
  private AgentThreads.@Nullable Timer timer;

  Housekeeping(Databases databases, AgentThreads threads) {
    this.databases = databases;
    this.threads = threads;
  }

  /** Called when there is one database more. */
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
    databases.assignSecondNames();
    for (Db db : holding.subList(0, Math.max(0, holding.size() - MAX_OPEN_FOLDERS))) {
      db.park();
    }
    return Db.closeDeletedFiles(databases::isOpen) || isMore || databases.hasSecondNames();
  }
}

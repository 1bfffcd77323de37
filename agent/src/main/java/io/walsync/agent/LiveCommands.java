package io.walsync.agent;

import io.walsync.databases.Databases;
import io.walsync.db.Db;
import io.walsync.db.settings.Pause;
import io.walsync.io.AgentThreads;
import io.walsync.io.LogTimes;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What somebody asks of the running agent from another process: to upload now, to pause, to go on.
 * Each answer is a word, a colon and a sentence.
 *
 * <p>Threading: safe.
 */
final class LiveCommands {

  /** Done, as asked. */
  private static final String DONE = "done:";

  /** Not done yet; it may be asked again. */
  private static final String PENDING = "pending:";

  /** It cannot be done until somebody acts. */
  private static final String REFUSED = "refused:";

  private static final String FAILED = "failed:";

  /**
   * Longest wait for an upload in one question: whoever else attaches to this process waits too.
   */
  private static final long MOST_WAIT_MILLIS = 5_000;

  private static final int SYNC_PARTS = 3;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Longest wait for connections to be assigned, which takes milliseconds. */
  private static final long ASSIGN_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Databases that an answer names; others are counted. */
  private static final int MOST_NAMED = 20;

  private static final String NOTHING_OPEN =
      "the application has opened no database of the configuration yet";

  private final Databases databases;
  private final Logger log;

  /** Ends the pause by itself; null if there is none. */
  private AgentThreads.@Nullable Timer pauseEnd;

  LiveCommands(Databases databases, Logger log) {
    this.databases = databases;
    this.log = log;
  }

  /**
   * @param verb {@code sync}, {@code pause} or {@code resume}
   * @param argument of a sync {@code ask} or {@code await}, milliseconds and a path, with colons
   *     between; of a pause milliseconds
   */
  String carryOut(String verb, String argument) {
    if (verb.equals("resume")) {
      return resume();
    }
    if (verb.equals("pause")) {
      return pause(Long.parseLong(argument));
    }
    String[] parts = argument.split(":", SYNC_PARTS);
    return sync(parts[0].equals("await"), Long.parseLong(parts[1]), parts[2]);
  }

  /**
   * Uploads what is committed without waiting for the sync interval.
   *
   * @param isAwaited whether an earlier request is only waited for
   * @param millis how long to wait for it, 5 s at most
   * @param path of one database; empty for all
   */
  private String sync(boolean isAwaited, long millis, String path) {
    awaitAssigned();
    List<Db> meant = meant(path);
    if (meant.isEmpty()) {
      return path.isEmpty()
          ? DONE + NOTHING_OPEN
          : FAILED + "the application has not opened " + path + "; `status` shows what it has";
    }
    if (databases.pause().isOn()) {
      return FAILED
          + "uploads are paused until "
          + LogTimes.text(databases.pause().endMillis())
          + "; `resume` ends that";
    }
    if (!isAwaited) {
      meant.forEach(Db::sync);
    }
    long end =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, MOST_WAIT_MILLIS));
    while (!meant.stream().allMatch(LiveCommands::isOver) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return answer(meant);
  }

  /** A connection that was opened a moment ago may bring a database that is not known yet. */
  private void awaitAssigned() {
    long end = System.nanoTime() + ASSIGN_NANOS;
    while (databases.isAssigning() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private List<Db> meant(String path) {
    List<Db> meant = new ArrayList<>();
    File real = path.isEmpty() ? null : real(new File(path));
    for (Db db : databases.all()) {
      if (real == null || db.path().equals(real)) {
        meant.add(db);
      }
    }
    return meant;
  }

  private static File real(File path) {
    try {
      return path.toPath().toRealPath().toFile();
    } catch (IOException | RuntimeException gone) {
      return path.getAbsoluteFile();
    }
  }

  /** Whether waiting changes nothing any more. */
  private static boolean isOver(Db db) {
    return db.isSynced() || db.status().refusal() != null;
  }

  private static String answer(List<Db> meant) {
    StringBuilder waiting = new StringBuilder();
    int count = 0;
    boolean isAnyPending = false;
    for (Db db : meant) {
      if (!db.isSynced()) {
        count++;
        isAnyPending |= !isOver(db);
        if (count <= MOST_NAMED) {
          waiting.append("; ").append(db.path()).append(": ").append(db.status().obstacle());
        }
      }
    }
    return count == 0
        ? DONE + count(meant.size()) + ", what was committed before is in the store"
        : (isAnyPending ? PENDING : REFUSED)
            + count
            + " of "
            + count(meant.size())
            + " not in the store yet"
            + waiting;
  }

  private static String count(int number) {
    return number + (number == 1 ? " database" : " databases");
  }

  /** Uploads nothing for a while; ends by itself. */
  private synchronized String pause(long millis) {
    cancelEnd();
    Pause pause = databases.pause();
    pause.begin(TimeUnit.MILLISECONDS.toNanos(millis));
    String end = LogTimes.text(pause.endMillis());
    pauseEnd = databases.capture().runAfter(TimeUnit.MILLISECONDS.toNanos(millis), this::isOver);
    log.warn(
        "uploads are paused by a command until {}. What is committed until then is kept on this"
            + " machine only, up to staging-max-bytes, and uploaded afterwards, or when the process"
            + " ends; resume ends the pause",
        end);
    return DONE
        + "nothing is uploaded until "
        + end
        + "; commits are kept on that machine meanwhile";
  }

  private synchronized void isOver() {
    if (databases.pause().isOn()) {
      return; // another pause was asked for at this very moment
    }
    if (databases.pause().end()) {
      log.info("the pause of uploads is over; what was committed meanwhile is uploaded");
    }
    databases.all().forEach(Db::resume);
  }

  private void cancelEnd() {
    if (pauseEnd != null) {
      pauseEnd.cancel();
      pauseEnd = null;
    }
  }

  /** Ends a pause. */
  private synchronized String resume() {
    cancelEnd();
    if (!databases.pause().end()) {
      return DONE + "uploads were not paused; nothing was changed";
    }
    databases.all().forEach(Db::resume);
    log.info("uploads go on, as a command asked; what was committed meanwhile is uploaded");
    return DONE + "uploads go on, what was committed meanwhile is on its way";
  }
}

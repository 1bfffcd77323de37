package io.walsync.agent;

import io.walsync.databases.Databases;
import io.walsync.db.Db;
import io.walsync.hook.FileConnection;
import io.walsync.hook.HookedDatabase;
import io.walsync.io.AgentThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * Ends replication in a process that goes on. Releases every database, uploads what was committed
 * until then for as long as the deadline allows, ends the agent's threads, and gives the
 * application's connections back the checkpoint interval they had.
 */
final class Departure {

  private static final long LOOK_NANOS = 5_000_000;

  /**
   * How long to wait for databases to be released: a running turn may be a first snapshot, which is
   * read to its end.
   */
  private static final long LET_GO_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** How long to wait for the agent's threads. Once everything is uploaded, they end at once. */
  private static final long THREADS_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * How long to wait for running statements, before connections get their setting back. Connections
   * whose statement takes longer get it back later, by a thread that waits for them.
   */
  private static final long RESTORE_MILLIS = 5_000;

  private final Databases databases;
  private final Duration deadline;
  private final Logger log;

  Departure(Databases databases, Duration deadline, Logger log) {
    this.databases = databases;
    this.deadline = deadline;
    this.log = log;
  }

  /**
   * @param connections of the application, which nobody reports any more
   * @return what has become of the databases, as a sentence
   */
  String run(List<FileConnection> connections) throws InterruptedException {
    List<Db> all = databases.all();
    all.forEach(Db::leave);
    awaitLeft(all);
    letGoOf(connections);
    Shutdown end = new Shutdown(databases, deadline, log);
    end.awaitDrained(System.nanoTime() + deadline.toNanos());
    end.report(all);
    Shutdown.saveDurably(all);
    String result = describe(all);
    if (!databases.close(THREADS_NANOS)) {
      log.warn("a thread of the agent does not end; it does nothing further");
    }
    letGoOf(connections);
    if (!restoreAutocheckpoint(connections)) {
      result += "; a connection is busy: it checkpoints by itself again after its statement";
    }
    return result;
  }

  private static void awaitLeft(List<Db> all) {
    long end = System.nanoTime() + LET_GO_NANOS;
    while (System.nanoTime() - end < 0 && !all.stream().allMatch(Db::hasLeft)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void letGoOf(List<FileConnection> connections) {
    connections.forEach(connection -> connection.attach(HookedDatabase.NONE));
  }

  private static String describe(List<Db> all) {
    long pendingCount = all.stream().filter(db -> !db.isUploaded()).count();
    String count = all.size() + (all.size() == 1 ? " database" : " databases");
    return pendingCount == 0
        ? count + ", everything that was committed is in the store"
        : pendingCount
            + " of "
            + count
            + " not completely uploaded; what is missing is kept, and uploaded by the next agent";
  }

  private static boolean restoreAutocheckpoint(List<FileConnection> connections)
      throws InterruptedException {
    Thread thread =
        AgentThread.of(
            () -> connections.forEach(FileConnection::restoreAutocheckpoint), "walsync-restore");
    thread.start();
    thread.join(RESTORE_MILLIS);
    return !thread.isAlive();
  }
}

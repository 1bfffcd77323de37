package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.settings.DbExecutors;
import io.walsync.hook.Doorway;
import io.walsync.io.Clock;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * The steps by which a connection of the agent's may turn out to be the first on a database that
 * reads, or the last that has read. SQLite recovers the WAL for the one, and checkpoints and
 * removes it after the other; both take locks that an application with {@code busy_timeout=0} would
 * pay with an error. So nobody of this process enters SQLite meanwhile: who was about to finds the
 * work done.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Entrance {

  interface Step {
    void take() throws IOException, SQLException;
  }

  /** How such a step is taken: with nobody else on his way, or as it is. */
  interface Passage {
    void take(Step step) throws IOException, SQLException;
  }

  /**
   * Longer than other databases' steps take and connections need to be assigned. An application
   * that opens connections without end is replicated all the same.
   */
  private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final File path;
  private final Connections connections;
  private final DbExecutors executors;
  private final Clock clock;

  Entrance(File path, Connections connections, DbExecutors executors, Clock clock) {
    this.path = path;
    this.connections = connections;
    this.executors = executors;
    this.clock = clock;
  }

  /** Takes a step while nobody of this process is on his way into SQLite. */
  void alone(Step step) throws IOException, SQLException {
    Doorway door = shut();
    try {
      if (door != null) {
        // Who is inside for longer than this waits for has begun to read before us.
        door.awaitOut(connections.all());
      }
      step.take();
    } finally {
      if (door != null) {
        door.close();
      }
    }
  }

  /** Returns null if that cannot be in time. */
  private Doorway shut() {
    long end = clock.nanoTime() + MAX_WAIT_NANOS;
    do {
      Doorway door = Doorway.shut(path);
      if (door != null) {
        if (!executors.isAssigning()) {
          return door;
        }
        // A connection that nobody knows yet could be inside.
        door.close();
      }
      clock.pause(LOOK_NANOS);
    } while (clock.nanoTime() - end < 0);
    return null;
  }
}

package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.settings.DbExecutors;
import io.walsync.hook.Doorway;
import io.walsync.io.Clock;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the steps in which a connection of the agent's may be the first that reads a database, or
 * the last that has read it. SQLite recovers the WAL for the first, and checkpoints and removes it
 * after the last. Both take locks that would cost an application with {@code busy_timeout=0} an
 * error. So no thread of this process may open or close a connection meanwhile; it waits, and then
 * finds the work done.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Entrance {

  interface Step {
    void take() throws IOException, SQLException;
  }

  /** How such a step is taken: {@link #alone}, or directly. */
  interface Passage {
    void take(Step step) throws IOException, SQLException;
  }

  /**
   * Longest wait for the door. It is longer than the steps of other databases take, and than
   * connections need to be assigned. After it the step is taken anyway, so that an application
   * which opens connections without a pause is replicated too.
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

  /**
   * Takes a step while no thread of this process is opening or closing a connection to the
   * database.
   */
  void alone(Step step) throws IOException, SQLException {
    Doorway door = shut();
    try {
      if (door != null) {
        // A thread that stays inside longer than the wait has begun to read before the agent.
        door.awaitOut(connections.all());
      }
      step.take();
    } finally {
      if (door != null) {
        door.close();
      }
    }
  }

  /** Keeps all others out; null if that is not possible in time. */
  private @Nullable Doorway shut() {
    long end = clock.nanoTime() + MAX_WAIT_NANOS;
    do {
      Doorway door = Doorway.shut(path);
      if (door != null) {
        if (!executors.isAssigning()) {
          return door;
        }
        // A connection that is not assigned yet may be inside.
        door.close();
      }
      clock.pause(LOOK_NANOS);
    } while (clock.nanoTime() - end < 0);
    return null;
  }
}

package io.walsync.bench.peer;

import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One way to have databases replicated while an application writes them, or none. */
public interface Contender {

  /** With its version, as in tables. */
  String name();

  /** What it is set to for a task, as in tables: {@code defaults} or what differs from them. */
  String settings(Task task);

  /** Whether it replicates at all. */
  default boolean isReplicating() {
    return true;
  }

  /** Whether it restores a replica in Litestream's format. */
  default boolean isReadingLtx() {
    return false;
  }

  /** Adds to the application's command line. */
  default void equip(Child.Builder application, Task task) {}

  /** Starts a process beside the application, which has made its databases. */
  Companion accompany(Task task);

  /** The folder below a replica's path in which its first complete snapshot appears. */
  String snapshotFolder();

  /** The names of what it keeps beside a database, the WAL apart. */
  List<Path> localState(Task task, String database);

  /** The number of the newest commit in one of its objects, or {@code CommitMark.NONE}. */
  long newestCommit(byte[] object) throws IOException;

  /**
   * Restores with the contender's own command line.
   *
   * @throws io.walsync.bench.lab.LabException if it fails
   */
  TimedProgram.Result restore(Task task, String database, Path output);

  /** The same with as little overhead as there is a way to, for proving many databases. */
  default Object restoreQuickly(Task task, String database, Path output) {
    return restore(task, database, output);
  }
}

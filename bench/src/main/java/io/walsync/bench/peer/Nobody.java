package io.walsync.bench.peer;

import io.walsync.bench.app.CommitMark;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
import java.nio.file.Path;
import java.util.List;

/** The application alone, with SQLite's defaults. */
final class Nobody implements Contender {

  @Override
  public String name() {
    return "none";
  }

  @Override
  public String settings(Task task) {
    return "";
  }

  @Override
  public boolean isReplicating() {
    return false;
  }

  @Override
  public Companion accompany(Task task) {
    return Companion.none();
  }

  @Override
  public String snapshotFolder() {
    return "";
  }

  @Override
  public List<Path> localState(Task task, String database) {
    return List.of();
  }

  @Override
  public long newestCommit(byte[] object) {
    return CommitMark.NONE;
  }

  @Override
  public TimedProgram.Result restore(Task task, String database, Path output) {
    throw new LabException("nobody replicated " + database);
  }
}

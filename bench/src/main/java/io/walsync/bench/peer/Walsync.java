package io.walsync.bench.peer;

import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The packed agent in the application's JVM. */
final class Walsync implements Contender {

  @Override
  public String name() {
    return "Walsync";
  }

  @Override
  public String settings(Task task) {
    return task.syncInterval() == null
        ? "defaults (sync-interval 1s)"
        : "sync-interval " + task.syncInterval();
  }

  @Override
  public void equip(Child.Builder application, Task task) {
    AgentYaml yaml = AgentYaml.empty().merging();
    for (String database : task.databases()) {
      yaml.database(task.database(database), task.replica(database), task.replicaSettings());
    }
    application.agent(yaml.writeTo(task.folder().resolve("walsync.yml")));
  }

  @Override
  public boolean isReadingLtx() {
    return true;
  }

  @Override
  public Companion accompany(Task task) {
    return Companion.none();
  }

  @Override
  public String snapshotFolder() {
    return "0009";
  }

  @Override
  public List<Path> localState(Task task, String database) {
    return List.of(task.folder().resolve("." + database + ".db-walsync"));
  }

  @Override
  public long newestCommit(byte[] object) throws IOException {
    return MarksOfLtx.newestIn(object);
  }

  @Override
  public TimedProgram.Result restore(Task task, String database, Path output) {
    return Restoration.walsync(task.replica(database), output, List.of());
  }

  /** The command line's code in this JVM. */
  @Override
  public Object restoreQuickly(Task task, String database, Path output) {
    try (ReplicaClient client = task.hiddenReplica(database).open()) {
      return new Restore(client, RestoreOptions.defaults(), RestoreProgress.NONE)
          .run(RestoreTarget.latest(), output.toFile());
    } catch (IOException e) {
      throw new LabException("restore of " + database + " fails: " + e.getMessage(), e);
    }
  }
}

package io.walsync.bench.peer;

import io.walsync.bench.lab.AgentYaml;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
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
    return task.syncInterval() == null ? "defaults" : "sync-interval " + task.syncInterval();
  }

  @Override
  public boolean isInProcess() {
    return true;
  }

  @Override
  public void equip(Child.Builder application, Task task) {
    AgentYaml yaml = new AgentYaml();
    for (String database : task.databases()) {
      yaml.database(task.database(database), task.replica(database), task.syncInterval());
    }
    application.agent(yaml.writeTo(task.folder().resolve("walsync.yml")));
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
}

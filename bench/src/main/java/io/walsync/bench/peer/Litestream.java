package io.walsync.bench.peer;

import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code litestream replicate} beside the application. */
final class Litestream implements Contender {

  /** What this was written for. */
  static final String VERSION = "0.5.18";

  private final String name;
  private final Path binary;

  Litestream(String name, Path binary) {
    this.name = name;
    this.binary = binary;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String settings(Task task) {
    return task.syncInterval() == null
        ? "defaults (monitor-interval and sync-interval 1s)"
        : "monitor-interval and sync-interval " + task.syncInterval();
  }

  @Override
  public boolean isReadingLtx() {
    return true;
  }

  @Override
  public Companion accompany(Task task) {
    Path config = yaml(task).writeTo(task.folder().resolve("litestream.yml"));
    return Companion.start(
        List.of(binary.toString(), "replicate", "-config", config.toString()),
        task.server().credentials(),
        task.folder().resolve("litestream.log"));
  }

  private static AgentYaml yaml(Task task) {
    AgentYaml yaml = AgentYaml.empty().merging();
    for (String database : task.databases()) {
      yaml.database(task.database(database), task.replica(database), task.replicaSettings());
      if (task.syncInterval() != null) {
        yaml.setting("monitor-interval: " + task.syncInterval());
      }
    }
    return yaml;
  }

  @Override
  public String snapshotFolder() {
    return "0009";
  }

  @Override
  public List<Path> localState(Task task, String database) {
    return List.of(task.folder().resolve("." + database + ".db-litestream"));
  }

  @Override
  public long newestCommit(byte[] object) throws IOException {
    return MarksOfLtx.newestIn(object);
  }

  @Override
  public TimedProgram.Result restore(Task task, String database, Path output) {
    return Restoration.litestream(binary, task.replica(database), output);
  }
}

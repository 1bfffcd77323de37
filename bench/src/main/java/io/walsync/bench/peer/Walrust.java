package io.walsync.bench.peer;

import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TimedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code walrust watch} beside the application. */
final class Walrust implements Contender {

  /** What this was written for. */
  static final String VERSION = "0.7.0";

  private final String name;
  private final Path binary;

  Walrust(String name, Path binary) {
    this.name = name;
    this.binary = binary;
  }

  @Override
  public String name() {
    return name;
  }

  /** It takes whole seconds and has 1 s by default, so there is nothing smaller to set. */
  @Override
  public String settings(Task task) {
    return task.syncInterval() == null
        ? "defaults (wal-sync-interval 1 s) but --no-metrics"
        : "--no-metrics; 1 s is its smallest wal-sync-interval";
  }

  @Override
  public Companion accompany(Task task) {
    List<String> command = new ArrayList<>(List.of(binary.toString(), "watch"));
    task.databases().forEach(database -> command.add(task.database(database).toString()));
    command.add("--no-metrics");
    addStore(command, task);
    return Companion.start(
        command, task.server().credentials(), task.folder().resolve("walrust.log"));
  }

  private static void addStore(List<String> command, Task task) {
    command.addAll(List.of("-b", "s3://" + BucketReplica.BUCKET + "/" + task.prefix()));
    command.addAll(List.of("--endpoint", task.server().endpoint().toString()));
  }

  /** It uploads two snapshots at its start. */
  @Override
  public String snapshotFolder() {
    return "0002";
  }

  @Override
  public List<Path> localState(Task task, String database) {
    return List.of(task.folder().resolve(".walrust-" + database));
  }

  @Override
  public long newestCommit(byte[] object) throws IOException {
    return MarksOfFrames.newestIn(object);
  }

  @Override
  public TimedProgram.Result restore(Task task, String database, Path output) {
    List<String> command =
        new ArrayList<>(List.of(binary.toString(), "restore", database, "-o", output.toString()));
    addStore(command, task);
    return TimedProgram.run(
        command, task.server().credentials(), output.resolveSibling(output.getFileName() + ".log"));
  }
}

package io.walsync.bench;

import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.RowComparison;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.WrongRestoreException;
import io.walsync.bench.peer.Companion;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.wire.Exchange;
import io.walsync.bench.wire.Put;
import io.walsync.bench.wire.WireLog;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One application under one contender, from its start to the proof that what was replicated is its
 * database.
 */
final class Trial implements AutoCloseable {

  private interface Way {
    Object restore(Task task, String database, Path output);
  }

  private static final String INCREMENTS = "0000";

  /** 1.2 GB are in the store after 10 to 40 s, a thousand small databases after a minute. */
  private static final long SNAPSHOT_DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static final long SNAPSHOT_NANOS_PER_DATABASE = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long POLL_MILLIS = 20;

  private final Contender contender;
  private final Task task;
  private final Child app;
  private final int logMark;
  private final Map<String, Long> newestCommits = new HashMap<>();
  private Companion companion = Companion.none();

  private Trial(Contender contender, Task task, Child app, int logMark) {
    this.contender = contender;
    this.task = task;
    this.app = app;
    this.logMark = logMark;
  }

  /**
   * Starts the application, which answers when it has made its databases, then what replicates
   * them, and waits until each database's first snapshot is in the store.
   *
   * @param arguments of the program, given the task
   */
  static Trial start(
      Contender contender, Task task, Child.Builder program, Function<Task, Object[]> arguments) {
    int mark = task.server().wire().log().mark();
    contender.equip(program, task);
    Trial trial =
        new Trial(contender, task, program.start(task.folder(), arguments.apply(task)), mark);
    try {
      trial.app.answer();
      trial.companion = contender.accompany(task);
      if (contender.isReplicating()) {
        trial.awaitSnapshots();
      }
      return trial;
    } catch (RuntimeException e) {
      trial.close();
      throw e;
    }
  }

  private void awaitSnapshots() {
    long deadline =
        System.nanoTime()
            + SNAPSHOT_DEADLINE_NANOS
            + SNAPSHOT_NANOS_PER_DATABASE * task.databases().size();
    Set<String> wanted = new HashSet<>();
    for (String database : task.databases()) {
      String folder = task.replicaPath(database) + "/" + contender.snapshotFolder();
      wanted.add("/" + BucketReplica.BUCKET + "/" + folder);
    }
    while (true) {
      for (Put put : puts()) {
        wanted.remove(put.path().substring(0, put.path().lastIndexOf('/')));
      }
      if (wanted.isEmpty()) {
        return;
      }
      companion.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "no snapshot of " + wanted.size() + " of " + task.databases().size() + " databases");
      }
      pause();
    }
  }

  Child app() {
    return app;
  }

  Companion companion() {
    return companion;
  }

  Task task() {
    return task;
  }

  /** What was asked of the store since the start. */
  List<Exchange> exchanges() {
    return task.server().wire().log().since(logMark);
  }

  private List<Put> puts() {
    return WireLog.puts(exchanges());
  }

  /** The increments of a database that the store has accepted so far. */
  List<Put> increments(String database) {
    String path = task.replicaPath(database);
    return puts().stream().filter(put -> put.isIn(BucketReplica.BUCKET, path, INCREMENTS)).toList();
  }

  /** Reads what is new since the last call. */
  Durability durability(String database) {
    List<Put> increments = increments(database);
    try (ReplicaClient client = task.hiddenReplica(database).open()) {
      for (Put put : increments) {
        newestCommits.computeIfAbsent(put.path(), path -> newestCommit(client, put));
      }
    }
    return new Durability(increments, put -> newestCommits.get(put.path()));
  }

  private long newestCommit(ReplicaClient client, Put put) {
    LtxFileInfo file =
        LtxFileInfo.parse(
            LtxFileInfo.LEVEL_L0,
            put.fileName(),
            put.sizeBytes(),
            put.acknowledgedMicros() / 1_000);
    try (InputStream in = client.open(file, 0, Long.MAX_VALUE)) {
      return contender.newestCommit(in.readAllBytes());
    } catch (IOException e) {
      throw new LabException("cannot read " + put.path(), e);
    }
  }

  /**
   * Waits until a commit is in the store.
   *
   * @throws LabException if it is not there in time, or the contender's process ends
   */
  Durability awaitCommit(String database, long commit, long deadlineSeconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(deadlineSeconds);
    int known = -1;
    while (System.nanoTime() < deadline) {
      int count = increments(database).size();
      if (count > known) {
        known = count;
        Durability durability = durability(database);
        if (durability.newest() >= commit) {
          return durability;
        }
      }
      companion.requireAlive();
      pause();
    }
    throw new LabException(
        "commit " + commit + " is not in the store after " + deadlineSeconds + " s");
  }

  private static void pause() {
    sleep(POLL_MILLIS);
  }

  static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }

  /**
   * Ends all processes, the companion first, and proves every database: the first with the
   * contender's command line.
   *
   * @throws WrongRestoreException if a restored database is not the application's
   */
  void finish() {
    end();
    if (contender.isReplicating()) {
      prove(task.databases().get(0), contender::restore);
      task.databases().stream()
          .skip(1)
          .parallel()
          .forEach(database -> prove(database, contender::restoreQuickly));
    }
  }

  /** Ends all processes as an orderly stop does. */
  void end() {
    companion.stop();
    app.exit();
  }

  private void prove(String database, Way way) {
    Path output = task.folder().resolve(database + "-restored.db");
    try {
      way.restore(task, database, output);
    } catch (LabException e) {
      throw new WrongRestoreException("restore fails: " + firstLines(e.getMessage()));
    }
    compare(task.database(database), output);
  }

  /**
   * @throws WrongRestoreException if they differ
   */
  static void compare(Path database, Path restored) {
    RowComparison comparison = RowComparison.of(database, restored);
    if (!comparison.isSame()) {
      throw new WrongRestoreException(comparison.toString());
    }
    try {
      Files.delete(restored);
    } catch (IOException e) {
      throw new LabException("cannot delete " + restored, e);
    }
  }

  private static String firstLines(String message) {
    String line = message.replace('\n', ' ').replaceAll("\u001b\\[[0-9;]*m", "");
    int tail = 160;
    return line.length() > tail ? "…" + line.substring(line.length() - tail) : line;
  }

  @Override
  public void close() {
    app.close();
    companion.close();
  }
}

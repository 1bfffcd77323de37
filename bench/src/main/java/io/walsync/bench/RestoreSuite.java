package io.walsync.bench;

import io.walsync.bench.app.UpdateApp;
import io.walsync.bench.lab.AgentYaml;
import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.DatabaseFile;
import io.walsync.bench.lab.EmbeddedStore;
import io.walsync.bench.lab.FolderReplica;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LtxFiles;
import io.walsync.bench.lab.Minio;
import io.walsync.bench.lab.Replica;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.S3Server;
import io.walsync.bench.lab.SampleDatabase;
import io.walsync.bench.lab.TimedProgram;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.replica.LtxFileInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Whole-process restores by the packed jar, beside a copy of the bytes and Litestream. */
final class RestoreSuite implements Suite {

  private static final String LITESTREAM = "litestream-0.5.18";
  private static final String MINIO = "minio";
  private static final String COPY = "copy + fsync";
  private static final List<String> FASTER_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  private static final int INCREMENT_COUNT = 200;
  private static final int COMMITS_PER_STEP = 20;
  private static final int COMMIT_PAUSE_MILLIS = 25;
  private static final double MB = 1e6;

  /** From here on, three runs are enough and must do. */
  private static final double LARGE_MB = 1_000;

  private static final int LARGE_RUNS = 3;

  private final ResultTable table =
      new ResultTable(
          "restore: whole process, from start to exit",
          "database, MB",
          "files",
          "from",
          "by",
          "s",
          "MB/s",
          "peak RSS, MB");

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public void run(Lab lab, Options options) {
    table.note("median (min..max); MB of the database, not of the replica; page cache warm");
    table.note("walsync, faster start: java " + String.join(" ", FASTER_START));
    table.note("copy + fsync: the database's bytes within this JVM");
    for (String size : options.list("sizes", "1.2,12,120,1200", "1.2,12,120")) {
      measure(lab, options, Double.parseDouble(size));
    }
  }

  private void measure(Lab lab, Options options, double megabytes) {
    Path folder = lab.folder("restore");
    Path database = folder.resolve("app.db");
    SampleDatabase.create(database, (long) (megabytes * MB));
    FolderReplica replica = new FolderReplica(folder.resolve("replica"));
    Path config =
        new AgentYaml().database(database, replica, "10ms").writeTo(folder.resolve("walsync.yml"));
    int runs = options.number("runs", megabytes >= LARGE_MB ? LARGE_RUNS : 5, LARGE_RUNS);
    replicate(config, database, replica, 0);
    measureStores(lab, folder, database, replica, runs, "snapshot");
    replicate(config, database, replica, INCREMENT_COUNT);
    int fileCount = LtxFiles.count(replica, LtxFileInfo.LEVEL_L0);
    measureStores(lab, folder, database, replica, runs, "snapshot + " + fileCount);
    Lab.remove(folder);
  }

  /** Leaves a replica with a snapshot and at least so many L0 files. */
  private static void replicate(Path config, Path database, Replica replica, int l0Count) {
    try (Child app =
        Child.of(UpdateApp.class).agent(config).start(database.getParent(), database)) {
      app.answer();
      LtxFiles.awaitSnapshot(replica);
      for (int seed = 0; LtxFiles.count(replica, LtxFileInfo.LEVEL_L0) < l0Count; seed++) {
        app.ask("change " + COMMITS_PER_STEP + " " + COMMIT_PAUSE_MILLIS + " " + seed);
      }
      app.exit();
    }
    Restoration.verify(replica, database);
  }

  private void measureStores(
      Lab lab, Path folder, Path database, Replica replica, int runs, String files) {
    measure(lab, database, replica, runs, files);
    Path storeFolder = lab.folder("store");
    try (S3Server server = EmbeddedStore.onDisk(storeFolder)) {
      measureCopy(lab, database, replica, new BucketReplica(server, "app"), runs, files);
    }
    Optional<Path> minio = lab.peer(MINIO);
    if (minio.isPresent()) {
      try (S3Server server = Minio.start(minio.get(), storeFolder)) {
        measureCopy(lab, database, replica, new BucketReplica(server, "app"), runs, files);
      }
    }
    Lab.remove(storeFolder);
  }

  private void measureCopy(
      Lab lab, Path database, Replica from, Replica replica, int runs, String files) {
    LtxFiles.copy(from, replica);
    measure(lab, database, replica, runs, files);
  }

  private void measure(Lab lab, Path database, Replica replica, int runs, String files) {
    Map<String, Function<Path, TimedProgram.Result>> readers = new LinkedHashMap<>();
    readers.put("walsync", output -> Restoration.walsync(replica, output, List.of()));
    readers.put(
        "walsync, faster start", output -> Restoration.walsync(replica, output, FASTER_START));
    boolean isEmbedded =
        replica instanceof BucketReplica bucket && bucket.server() instanceof EmbeddedStore;
    if (!isEmbedded) {
      lab.peer(LITESTREAM)
          .ifPresent(
              binary ->
                  readers.put(
                      LITESTREAM, output -> Restoration.litestream(binary, replica, output)));
    }
    if (replica instanceof FolderReplica) {
      readers.put(COPY, output -> new TimedProgram.Result(DatabaseFile.copy(database, output), 0));
    }
    Map<String, List<TimedProgram.Result>> results = new LinkedHashMap<>();
    Path output = database.resolveSibling("restored.db");
    for (int i = 0; i < runs; i++) {
      readers.forEach(
          (name, reader) -> {
            TimedProgram.Result result = reader.apply(output);
            DatabaseFile.requireSame(database, output);
            DatabaseFile.delete(output);
            results.computeIfAbsent(name, key -> new ArrayList<>()).add(result);
          });
    }
    double megabytes = database.toFile().length() / MB;
    results.forEach((name, of) -> addRow(megabytes, files, replica.storeName(), name, of));
    Bench.progress(
        "restore " + Spread.number(megabytes) + " MB, " + files + ", " + replica.storeName());
  }

  private void addRow(
      double megabytes, String files, String from, String by, List<TimedProgram.Result> results) {
    Spread seconds = new Spread(results.stream().map(TimedProgram.Result::seconds).toList());
    Spread rss = new Spread(results.stream().map(result -> result.peakRssBytes() / MB).toList());
    table.row(
        megabytes,
        files,
        by.equals(COPY) ? "" : from,
        by,
        seconds,
        megabytes / seconds.median(),
        by.equals(COPY) ? "" : rss);
  }
}

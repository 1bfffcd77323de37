package io.walsync.bench;

import io.walsync.bench.app.UpdateApp;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.FolderReplica;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LtxFiles;
import io.walsync.bench.lab.SampleDatabase;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.lab.TimedProgram;
import io.walsync.bench.peer.Contender;
import io.walsync.bench.peer.Contenders;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.LineChart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.replica.LtxFileInfo;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Applying more and more increments to one snapshot. */
final class ReplaySuite implements Suite {

  private static final String DATABASE = "app-0";
  private static final double DATABASE_MB = 4;
  private static final int COMMITS_PER_STEP = 25;
  private static final int COMMIT_PAUSE_MILLIS = 2;
  private static final double MB = 1e6;

  private record Run(TimedProgram.Result result, int requests) {}

  private final ResultTable table =
      new ResultTable(
          "replay: a snapshot of " + DATABASE_MB + " MB and increments of 20 changed rows",
          "increments",
          "by",
          "s",
          "increments/s",
          "MB/s of replica",
          "replica, MB",
          "requests",
          "peak RSS, MB");
  private final LineChart chart =
      new LineChart(
          "replay", "Restore by number of increments", "increments (log)", "s (log)", true);

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String question() {
    return "applying N increments to a snapshot: increments/s, MB/s";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public List<Chart> charts() {
    return List.of(chart);
  }

  @Override
  public void run(Lab lab, Options options) throws InterruptedException {
    table.note("whole process, median (min..max); increments/s includes listing and the snapshot");
    table.note(
        "one replica, written by Walsync with sync-interval 1ms, for everybody who reads it");
    table.note("walrust: does not read this format");
    try (TestBed bed = TestBed.open(lab)) {
      Contenders contenders = Contenders.find(lab, options.list("by", "", ""));
      table.note(contenders.note(bed));
      Path folder = lab.folder("replay");
      Path database = folder.resolve("source.db");
      SampleDatabase.create(database, (long) (DATABASE_MB * MB));
      FolderReplica source = new FolderReplica(folder.resolve("replica"));
      for (String count : options.list("increments", "10,100,1000,5000", "10,100,300")) {
        replicate(database, source, Integer.parseInt(count));
        measure(bed, contenders, options, database, source);
      }
      Folders.delete(folder);
    }
  }

  /** Adds increments until there are so many. */
  private static void replicate(Path database, FolderReplica replica, int count) {
    Path config =
        AgentYaml.empty()
            .database(database, replica, "sync-interval: 1ms")
            .writeTo(database.resolveSibling("walsync.yml"));
    try (Child app =
        Child.of(UpdateApp.class).agent(config).start(database.getParent(), database)) {
      app.answer();
      LtxFiles.awaitSnapshot(replica);
      int step = Math.min(COMMITS_PER_STEP, count);
      for (int now = increments(replica); now < count; now = increments(replica)) {
        app.ask("change " + Math.min(step, count - now) + " " + COMMIT_PAUSE_MILLIS + " " + now);
      }
      app.exit();
    }
  }

  private static int increments(FolderReplica replica) {
    return LtxFiles.count(replica, LtxFileInfo.LEVEL_L0);
  }

  private void measure(
      TestBed bed, Contenders contenders, Options options, Path database, FolderReplica source)
      throws InterruptedException {
    int count = increments(source);
    Task task = bed.task(1, null);
    LtxFiles.copy(source, task.hiddenReplica(DATABASE));
    double megabytes = LtxFiles.sizeBytes(source) / MB;
    List<Contender> readers =
        contenders.replicating().stream().filter(Contender::isReadingLtx).toList();
    Map<Contender, Race.Score<Run>> scores =
        new Race<Run>("replay " + count, readers, options.number("runs", 5, 2))
            .run(contender -> restore(contender, task, database));
    for (Map.Entry<Contender, Race.Score<Run>> entry : scores.entrySet()) {
      String by = entry.getKey().name();
      if (entry.getValue().isRight()) {
        addRow(count, by, megabytes, entry.getValue().runs());
      } else {
        table.failure(entry.getValue().failure(), count, by);
      }
    }
    task.clear();
  }

  private static Run restore(Contender contender, Task task, Path database) {
    Path output = task.folder().resolve("restored.db");
    int mark = task.server().wire().log().mark();
    TimedProgram.Result result = contender.restore(task, DATABASE, output);
    int requests = task.server().wire().log().mark() - mark;
    Trial.compare(database, output);
    return new Run(result, requests);
  }

  private void addRow(int count, String by, double megabytes, List<Run> runs) {
    List<Double> seconds = new ArrayList<>();
    List<Double> rss = new ArrayList<>();
    for (Run run : runs) {
      seconds.add(run.result.seconds());
      rss.add(run.result.peakRssBytes() / MB);
    }
    double median = new Spread(seconds).median();
    chart.point(by, count, median);
    table.row(
        count,
        by,
        new Spread(seconds),
        count / median,
        megabytes / median,
        megabytes,
        runs.get(0).requests,
        new Spread(rss));
  }
}

package io.walsync.bench;

import io.walsync.bench.app.ManyDatabasesApp;
import io.walsync.bench.lab.Answer;
import io.walsync.bench.lab.Child;
import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.ProcessMemory;
import io.walsync.bench.lab.Restoration;
import io.walsync.bench.lab.Sampler;
import io.walsync.bench.report.BarChart;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.ResultTable;
import io.walsync.bench.report.Spread;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Resident memory of an application that writes a little to some databases. */
final class MemorySuite implements Suite {

  private static final int WRITES_PER_SECOND = 100;
  private static final long LOOK_MILLIS = 200;
  private static final String HEAP = "-Xmx256m";
  private static final double MB = 1e6;
  private static final double KB_PER_MB = 1e3;

  /**
   * What one run found.
   *
   * @param rss the median of the second half
   */
  private record Run(
      double rss,
      double peakRss,
      double heap,
      double threads,
      double descriptors,
      double classes) {}

  /** Written to in turn; what there is beyond them is idle. */
  private static final int ACTIVE_DATABASES = 10;

  /** Of many databases, so many at either end are restored and compared. */
  private static final int RESTORED_DATABASES = 20;

  /**
   * Added RSS in MB at {@link #ACTIVE_DATABASES}, by replica: what further ones are compared with.
   */
  private final Map<String, Double> addedWhenActive = new HashMap<>();

  private final ResultTable table =
      new ResultTable(
          "memory: "
              + WRITES_PER_SECOND
              + " writes/s in total to the first "
              + ACTIVE_DATABASES
              + " databases, the others idle, "
              + HEAP,
          "databases",
          "replica",
          "RSS, MB",
          "added RSS, MB",
          "added for each idle one, KB",
          "peak RSS, MB",
          "heap in use after GC, MB",
          "threads",
          "descriptors",
          "classes");

  private final BarChart chart =
      new BarChart("memory", "Resident memory, " + WRITES_PER_SECOND + " writes/s", "MB", false);

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String question() {
    return "RSS, heap, threads and classes under a light load";
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
  public void run(Lab lab, Options options) {
    table.note("median (min..max) of alternating runs; RSS: median of each run's second half");
    table.note(
        "of many databases the first and last "
            + RESTORED_DATABASES
            + " are restored and compared");
    for (String count : options.list("databases", "1,10,100,1000", "1,10")) {
      measure(lab, options, Integer.parseInt(count));
    }
  }

  private void measure(Lab lab, Options options, int databaseCount) {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    List<String> stores = new ArrayList<>(List.of(Store.NONE));
    stores.addAll(options.list("store", "dir", "dir"));
    for (int i = 0; i < options.number("runs", 3, 1); i++) {
      for (String store : stores) {
        Run run = run(lab, databaseCount, store, options.number("seconds", 20, 3));
        runs.computeIfAbsent(store, key -> new ArrayList<>()).add(run);
        Bench.progress(
            "memory "
                + databaseCount
                + " databases, replica "
                + store
                + ": "
                + Spread.number(run.rss)
                + " MB");
      }
    }
    runs.forEach((store, of) -> addRow(databaseCount, store, of, runs.get(Store.NONE)));
  }

  private static Run run(Lab lab, int databaseCount, String storeKind, int seconds) {
    Path folder = lab.folder("memory");
    String go = "go " + seconds * 1_000 + " " + WRITES_PER_SECOND + " " + ACTIVE_DATABASES;
    Child.Builder program = Child.of(ManyDatabasesApp.class).options(HEAP);
    Run run;
    if (storeKind.equals(Store.NONE)) {
      try (Child app = program.start(folder, folder, databaseCount)) {
        run = run(app, go);
      }
    } else {
      try (Store store = Store.open(storeKind, folder)) {
        AgentYaml yaml = AgentYaml.empty().merging();
        for (int i = 0; i < databaseCount; i++) {
          String name = ManyDatabasesApp.name(i);
          yaml.database(folder.resolve(name), store.replica(name));
        }
        program.agent(yaml.writeTo(folder.resolve("walsync.yml")));
        try (Child app = program.start(folder, folder, databaseCount)) {
          run = run(app, go);
        }
        for (int i = 0; i < databaseCount; i++) {
          boolean isInTheMiddle = i >= RESTORED_DATABASES && i < databaseCount - RESTORED_DATABASES;
          if (!isInTheMiddle) {
            String name = ManyDatabasesApp.name(i);
            Restoration.verify(store.replica(name), folder.resolve(name));
          }
        }
      }
    }
    Folders.delete(folder);
    return run;
  }

  private static Run run(Child app, String go) {
    app.answer();
    List<Double> rss = Collections.synchronizedList(new ArrayList<>());
    Answer answer;
    try (Sampler sampler =
        new Sampler(LOOK_MILLIS, () -> rss.add(ProcessMemory.of(app.pid()).rssBytes() / MB))) {
      answer = app.ask(go);
    }
    double peak = ProcessMemory.of(app.pid()).peakRssBytes() / MB;
    double descriptors = ProcessMemory.descriptorCount(app.pid());
    app.exit();
    return new Run(
        new Spread(rss.subList(rss.size() / 2, rss.size())).median(),
        peak,
        answer.number("heap") / MB,
        answer.number("threads"),
        descriptors,
        answer.number("classes"));
  }

  private void addRow(int databaseCount, String store, List<Run> runs, List<Run> without) {
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      added.add(runs.get(i).rss - without.get(i).rss);
    }
    double median = new Spread(added).median();
    if (databaseCount == ACTIVE_DATABASES) {
      addedWhenActive.put(store, median);
    }
    Double base = addedWhenActive.get(store);
    boolean isComparable = base != null && databaseCount > ACTIVE_DATABASES;
    boolean isAlone = store.equals(Store.NONE);
    String by = isAlone ? store : "Walsync, " + store;
    chart.bar(
        databaseCount + (databaseCount == 1 ? " database" : " databases"),
        by,
        spread(runs, Run::rss));
    table.row(
        databaseCount,
        store,
        spread(runs, Run::rss),
        isAlone ? "" : new Spread(added),
        isAlone || !isComparable
            ? ""
            : (median - base) * KB_PER_MB / (databaseCount - ACTIVE_DATABASES),
        spread(runs, Run::peakRss),
        spread(runs, Run::heap),
        spread(runs, Run::threads),
        spread(runs, Run::descriptors),
        spread(runs, Run::classes));
  }

  private static Spread spread(List<Run> runs, Function<Run, Double> value) {
    return new Spread(runs.stream().map(value).toList());
  }
}

package io.walsync.bench;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.report.Chart;
import io.walsync.bench.report.DocsPage;
import io.walsync.bench.report.Machine;
import io.walsync.bench.report.Report;
import io.walsync.bench.report.ResultTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the suites named on the command line, prints what they found and writes it down. */
public final class Bench {

  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Options options;
  private final Path root = Path.of(System.getProperty("walsync.bench.root", ".")).toAbsolutePath();
  private final Path results;
  private final Map<String, String> facts;
  private boolean isWhole = true;

  private Bench(Options options, String commandLine) {
    this.options = options;
    Path given = options.path("results");
    this.results = given == null ? root.resolve("bench/results") : given;
    this.facts =
        Machine.facts(
            org.sqlite.SQLiteJDBCLoader.getVersion(),
            System.getProperty("walsync.bench.revision", "unknown"),
            commandLine);
  }

  public static void main(String[] arguments) throws InterruptedException {
    try {
      Options options = Options.parse(arguments);
      List<Suite> suites = Suites.named(options.suites());
      if (options.has("help")) {
        System.out.println(Options.help(Suites.help()));
        return;
      }
      System.exit(new Bench(options, Options.commandLine(arguments)).run(suites) ? 0 : EXIT_FAILED);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Options.help(Suites.help()));
      System.exit(EXIT_USAGE);
    }
  }

  /** Whether every suite came to its end and nobody's restore was wrong. */
  private boolean run(List<Suite> suites) throws InterruptedException {
    Lab lab = new Lab(options.path("peers"));
    Report all = new Report(facts);
    for (Suite suite : suites) {
      Report report = run(suite, lab);
      all.addAll(report);
      System.out.println(report.toText());
      progress(all.tookLine());
      Path json = options.json(results);
      if (json != null) {
        all.writeJson(json);
      }
    }
    System.out.println(all.tookLine());
    System.out.println("tables, JSON and charts are in " + results);
    return isWhole;
  }

  private Report run(Suite suite, Lab lab) throws InterruptedException {
    Report report = new Report(facts);
    long start = System.nanoTime();
    try {
      suite.run(lab, options);
    } catch (RuntimeException e) {
      isWhole = false;
      System.err.println("suite " + suite.name() + " stopped:");
      e.printStackTrace();
    }
    report.took(suite.name(), (System.nanoTime() - start) / NANOS_PER_SECOND);
    for (ResultTable table : suite.tables()) {
      if (!table.isEmpty()) {
        report.add(table);
        isWhole &= !table.hasFailureOf("Walsync");
      }
    }
    List<Chart> charts = suite.charts();
    report.writeTo(results, suite.name(), charts);
    if (options.has("docs")) {
      new DocsPage(root.resolve("docs")).put(suite.name(), report, charts);
    }
    return report;
  }

  /** Tells on standard error what goes on; tables come at the end. */
  static void progress(String line) {
    System.err.println("  " + line);
  }
}

package io.walsync.bench;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.report.Machine;
import io.walsync.bench.report.Report;
import io.walsync.bench.report.ResultTable;
import java.util.List;

/** Runs the suites named on the command line and prints what they found. */
public final class Bench {

  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private Bench() {}

  public static void main(String[] arguments) throws InterruptedException {
    Options options;
    List<Suite> suites;
    try {
      options = Options.parse(arguments);
      suites = chosen(options);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Options.HELP);
      System.exit(EXIT_USAGE);
      return;
    }
    if (options.isHelp()) {
      System.out.println(Options.HELP);
      return;
    }
    boolean isWhole = run(suites, options);
    System.exit(isWhole ? 0 : EXIT_FAILED);
  }

  private static List<Suite> chosen(Options options) {
    List<Suite> all =
        List.of(
            new ThroughputSuite(),
            new LatencySuite(),
            new RestoreSuite(),
            new StartupSuite(),
            new MemorySuite());
    if (options.suites().isEmpty()) {
      return all;
    }
    return options.suites().stream()
        .map(
            name ->
                all.stream()
                    .filter(suite -> suite.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no suite " + name)))
        .toList();
  }

  /** Whether every suite came to its end. */
  private static boolean run(List<Suite> suites, Options options) throws InterruptedException {
    String commandLine = System.getProperty("walsync.bench.command", "").trim();
    Report report =
        new Report(
            Machine.facts(
                org.sqlite.SQLiteJDBCLoader.getVersion(),
                System.getProperty("walsync.bench.revision", "unknown"),
                commandLine));
    Lab lab = new Lab(options.path("peers"));
    boolean isWhole = true;
    for (Suite suite : suites) {
      try {
        suite.run(lab, options);
      } catch (RuntimeException e) {
        isWhole = false;
        System.err.println("suite " + suite.name() + " stopped:");
        e.printStackTrace();
      }
      for (ResultTable table : suite.tables()) {
        if (!table.isEmpty()) {
          report.add(table);
        }
      }
      if (options.path("json") != null) {
        report.writeJson(options.path("json"));
      }
    }
    System.out.println(report.toText());
    return isWhole;
  }

  /** Tells on standard error what goes on; tables come at the end. */
  static void progress(String line) {
    System.err.println("  " + line);
  }
}

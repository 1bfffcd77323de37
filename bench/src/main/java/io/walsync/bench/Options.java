package io.walsync.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line. */
final class Options {

  private static final String HELP =
      """
      bench/run [suite]... [option]...

      Without suites: everything in its quick form, under ten minutes on 2 cores; with --full, in
      its full form, hours. A suite that is named runs in its full form unless --quick is given.

      Suites
      %s
      Options
        --quick           shorter and fewer runs
        --full            the full form of everything
        --peers DIR       where minio, litestream-0.5.18 (or litestream) and walrust are, instead
                          of on the PATH; without minio the embedded S3 server is the store and
                          peers stay out, as does one of another version
        --by LIST         who takes part: walsync, litestream, walrust      all that are there
        --json [FILE.json]  also write all results into one file, bench/results/bench.json;
                          a run without names of suites does so anyway
        --results DIR     where tables, JSON and charts go                  bench/results
        --docs            also put tables and charts into docs/BENCHMARKS.md and docs/benchmarks
        --seconds N       length of a measured run; recovery: of the load after the outage
        --runs N          runs of each kind; micro: forks; recovery, cost: always one
        --round-trips LIST  latency, restore: ms added by the proxy         0,5,30; quick 0
        --intervals LIST  latency: default or a sync-interval               default,10ms
        --rates LIST      latency: commits/s                                1,20,200,2000; quick 100
                          cost: commits/s, 0 is idle                        0,1,100; quick 0,10
        --writers LIST    throughput: writer threads                        1,4,16; quick 1,16
        --synchronous LIST  throughput, checkpoint: NORMAL, FULL            both; quick
                                                                            checkpoint NORMAL
        --databases LIST  multi-db: how many                                1,5,10,20,100,1000;
                                                                            quick 1,100
                          memory: how many                                  1,10,100,1000; quick 1,10
        --sizes LIST      restore: MB                                       1.2,12,120,1200;
                                                                            quick 1.2,12,120
        --increments LIST restore: behind the snapshot                      0,200; quick 0
                          replay: how many                                  10,100,1000,5000;
                                                                            quick 10,100,300
        --weather LIST    recovery: refused,black-hole,503,half-open,slow   all
        --outages LIST    recovery: seconds                                 10,60,300; quick 10
        --at-once N       recovery: outages side by side                    1; quick all
        --patience N      recovery: seconds to catch up in                  420; quick 28
        --store LIST      startup, memory: dir, s3                          dir\
      """;

  private static final List<String> VALUED =
      List.of(
          "peers",
          "by",
          "results",
          "seconds",
          "runs",
          "round-trips",
          "intervals",
          "rates",
          "writers",
          "synchronous",
          "databases",
          "sizes",
          "increments",
          "weather",
          "outages",
          "at-once",
          "patience",
          "store");
  private static final List<String> FLAGS = List.of("quick", "full", "docs");
  private static final String HELP_FLAG = "help";
  private static final String JSON = "json";
  private static final String JSON_SUFFIX = ".json";

  /** Their values are of one machine. */
  private static final Set<String> PATHS = Set.of("--peers", "--results");

  private final ParseResult given;

  private Options(ParseResult given) {
    this.given = given;
  }

  /**
   * @throws IllegalArgumentException if it is not understood
   */
  static Options parse(String... arguments) {
    try {
      Options options = new Options(parser().parseArgs(arguments));
      if (options.has("quick") && options.has("full")) {
        throw new IllegalArgumentException("--quick or --full, not both");
      }
      return options;
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static CommandLine parser() {
    CommandSpec spec = CommandSpec.create();
    for (String name : VALUED) {
      spec.addOption(
          OptionSpec.builder("--" + name)
              .type(String.class)
              .arity("1")
              .paramLabel("VALUE")
              .build());
    }
    for (String name : FLAGS) {
      spec.addOption(OptionSpec.builder("--" + name).type(boolean.class).arity("0").build());
    }
    spec.addOption(
        OptionSpec.builder("-h", "--" + HELP_FLAG).type(boolean.class).usageHelp(true).build());
    spec.addOption(
        OptionSpec.builder("--" + JSON)
            .type(String.class)
            .arity("1")
            .preprocessor((rest, command, option, info) -> standInForFile(rest))
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("0..*")
            .build());
    return new CommandLine(spec).setOverwrittenOptionsAllowed(true);
  }

  /** What follows --json is its file only if it is called so; else it may be a suite. */
  private static boolean standInForFile(Stack<String> rest) {
    if (rest.isEmpty() || !rest.peek().endsWith(JSON_SUFFIX)) {
      rest.push("");
    }
    return false;
  }

  /** As it is written into results: without the paths of this machine. */
  static String commandLine(String... arguments) {
    List<String> words = new ArrayList<>(List.of("bench/run"));
    String before = "";
    for (String word : arguments) {
      boolean isFile = before.equals("--" + JSON) && word.endsWith(JSON_SUFFIX);
      words.add(PATHS.contains(before) ? "DIR" : isFile ? "FILE.json" : word);
      before = word;
    }
    return String.join(" ", words);
  }

  /**
   * @param suites a line for each
   */
  static String help(String suites) {
    return String.format(HELP, suites);
  }

  /** Empty for all. */
  List<String> suites() {
    return given.matchedPositionalValue(0, List.of());
  }

  boolean has(String flag) {
    return given.matchedOptionValue("--" + flag, false);
  }

  boolean isQuick() {
    return has("quick") || suites().isEmpty() && !has("full");
  }

  /** Where everything is to be written as one file, or null. */
  Path json(Path results) {
    String value = value(JSON, suites().isEmpty() ? "" : null);
    return value == null
        ? null
        : value.isEmpty() ? results.resolve("bench.json") : Path.of(value).toAbsolutePath();
  }

  /** Null if not given. */
  Path path(String name) {
    String value = value(name, null);
    return value == null ? null : Path.of(value).toAbsolutePath();
  }

  int number(String name, int full, int quick) {
    String value = value(name, null);
    return value == null ? isQuick() ? quick : full : Integer.parseInt(value);
  }

  List<String> list(String name, String full, String quick) {
    String value = value(name, isQuick() ? quick : full);
    return Arrays.asList(value.split(","));
  }

  private String value(String name, String otherwise) {
    return given.matchedOptionValue("--" + name, otherwise);
  }
}

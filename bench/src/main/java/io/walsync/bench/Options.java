package io.walsync.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line. */
final class Options {

  static final String HELP =
      """
      bench/run [suite]... [option]...

      Suites (default: all)
        throughput  unthrottled writers without and with the agent
        latency     from a commit's return to the store's acknowledgement
        restore     whole-process restores, beside a plain copy
        startup     time to main and to the first row
        memory      resident memory under a light load

      Options
        --quick           shorter and fewer runs, no 1.2 GB database
        --json FILE       also write every measured value
        --peers DIR       where minio and litestream-0.5.18 are (default: PATH)
        --seconds N       length of a measured run       throughput 10 (3), memory 20 (5)
        --runs N          runs of each kind              throughput 3 (1), restore 5 (3),
                                                         startup 11 (5), memory 3 (1)
        --store LIST      throughput, startup, memory: dir, s3                    dir
        --writers LIST    throughput: writer threads, e.g. 1,4,16                 1,4
        --synchronous LIST  throughput: NORMAL, FULL                              both
        --intervals LIST  latency: sync-interval                                  1s,10ms
        --rates LIST      latency: commits/s; quiet = one at a time      quiet,1,20,200
        --sizes LIST      restore: MB                            1.2,12,120,1200 (no 1200)
        --databases LIST  memory: numbers of databases, e.g. 1,10,100             1,10
      In brackets: with --quick.""";

  private static final Set<String> VALUED =
      Set.of(
          "json",
          "peers",
          "seconds",
          "runs",
          "store",
          "writers",
          "synchronous",
          "intervals",
          "rates",
          "sizes",
          "databases");

  private final List<String> suites = new ArrayList<>();
  private final Map<String, String> values = new HashMap<>();
  private boolean isQuick;
  private boolean isHelp;

  /**
   * @throws IllegalArgumentException if it is not understood
   */
  static Options parse(String... arguments) {
    Options options = new Options();
    for (int i = 0; i < arguments.length; i++) {
      String word = arguments[i];
      if (word.equals("--quick")) {
        options.isQuick = true;
      } else if (word.equals("--help") || word.equals("-h")) {
        options.isHelp = true;
      } else if (word.startsWith("--")) {
        String name = word.substring(2);
        if (!VALUED.contains(name) || i + 1 == arguments.length) {
          throw new IllegalArgumentException("unknown option or no value: " + word);
        }
        i++;
        options.values.put(name, arguments[i]);
      } else {
        options.suites.add(word);
      }
    }
    return options;
  }

  /** Empty for all. */
  List<String> suites() {
    return suites;
  }

  boolean isHelp() {
    return isHelp;
  }

  boolean isQuick() {
    return isQuick;
  }

  /** Null if not given. */
  Path path(String name) {
    String value = values.get(name);
    return value == null ? null : Path.of(value).toAbsolutePath();
  }

  int number(String name, int full, int quick) {
    String value = values.get(name);
    return value == null ? isQuick ? quick : full : Integer.parseInt(value);
  }

  List<String> list(String name, String full, String quick) {
    String value = values.getOrDefault(name, isQuick ? quick : full);
    return Arrays.asList(value.split(","));
  }
}

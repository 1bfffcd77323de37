package io.walsync.bench;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.report.ResultTable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH over everything in {@code io.walsync.bench.micro}. */
final class MicroSuite implements Suite {

  private static final int ITERATION_COUNT = 5;
  private static final long QUICK_ITERATION_MILLIS = 100;
  private static final String PACKAGE = "io.walsync.bench.micro.";

  /** The seed's own figures, nanoseconds, of another machine: for orientation only. */
  private static final Map<String, Double> SEED_NANOS =
      Map.of(
          "WalBenchmark.parseWalHeader", 47.0,
          "WalBenchmark.parseFrameHeader", 32.0,
          "DigestBenchmark.sha256 bytes=1024", 6_000.0,
          "DigestBenchmark.sha256 bytes=102400", 512_000.0,
          "DigestBenchmark.sha256 bytes=1048576", 5_230_000.0);

  private final ResultTable table =
      new ResultTable(
          "micro: JMH, average time",
          "benchmark",
          "time",
          "error",
          "unit",
          "the seed's figure, ns");

  @Override
  public String name() {
    return "micro";
  }

  @Override
  public String question() {
    return "JMH: WAL, checksums, LZ4, LTX, SHA-256, the hook on the commit path";
  }

  @Override
  public List<ResultTable> tables() {
    return List.of(table);
  }

  @Override
  public void run(Lab lab, Options options) {
    table.note("error: half of JMH's 99.9 % confidence interval, where it is known");
    table.note(
        "the seed measured on another machine (Apple silicon), with what method it does not"
            + " say");
    table.note(
        "HookBenchmark.commit finds the replicator disarmed, commitThatWakes armed; LTX: a file of"
            + " 250 pages, or one of its pages");
    boolean isQuick = options.isQuick();
    TimeValue iteration =
        TimeValue.milliseconds(
            isQuick
                ? QUICK_ITERATION_MILLIS
                : options.number("seconds", 5, 0) * 1_000L / ITERATION_COUNT);
    var jmh =
        new OptionsBuilder()
            .include(PACKAGE.replace(".", "\\."))
            .forks(options.number("runs", 3, 1))
            .warmupIterations(isQuick ? 2 : ITERATION_COUNT)
            .warmupTime(iteration)
            .measurementIterations(isQuick ? 3 : ITERATION_COUNT)
            .measurementTime(iteration)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    try {
      Collection<RunResult> results = new Runner(jmh).run();
      results.stream().sorted(Comparator.comparing(MicroSuite::name)).forEach(this::addRow);
      Bench.progress("micro: " + results.size() + " benchmarks");
    } catch (RunnerException e) {
      throw new LabException("JMH failed", e);
    }
  }

  private static String name(RunResult result) {
    BenchmarkParams params = result.getParams();
    String values =
        params.getParamsKeys().stream()
            .map(key -> " " + key + "=" + params.getParam(key))
            .collect(Collectors.joining());
    return params.getBenchmark().replace(PACKAGE, "") + values;
  }

  private void addRow(RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    double error = primary.getScoreError();
    String name = name(result);
    Double seed = SEED_NANOS.get(name);
    table.row(
        name,
        primary.getScore(),
        Double.isFinite(error) ? error : "",
        primary.getScoreUnit(),
        seed == null ? "" : seed);
  }
}
